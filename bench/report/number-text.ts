import type { Summary } from '../statistics.ts';

const SIGNIFICANT_DIGITS = 3;

/** A number for people: three significant digits, thin groups, no exponent. */
export function numberText(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return grouped(Math.round(value));
  if (magnitude === 0) return '0';
  return Number(value.toPrecision(SIGNIFICANT_DIGITS)).toString();
}

/** `median (min - max)`, or only the median of a single run. */
export function summaryText({ median, min, max }: Summary): string {
  return min === max ? numberText(median) : `${numberText(median)} (${numberText(min)} - ${numberText(max)})`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
