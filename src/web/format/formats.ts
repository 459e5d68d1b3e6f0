import { relativeText } from './relative-time.ts';

/** Writes moments, spans and amounts the way one language does. */
export interface Formats {
  /** An age in words, for example `8s ago`; whole seconds, minutes, hours, days. */
  age(ageMs: number): string;
  /** Time of day to the second. */
  timeOfDay(atMs: number): string;
  /** Date and time to the second. */
  dateTime(atMs: number): string;
  count(value: number): string;
  /** A share from 0 to 1. */
  percent(share: number): string;
  decimal(value: number): string;
  bytes(value: number): string;
  milliseconds(value: number): string;
  list(items: readonly string[]): string;
  /** Orders names for people: `node-2` before `node-10`. */
  readonly collator: Intl.Collator;
}

/** Languages whose narrow relative times read badly (`-8 s`, `vor 1 m`). */
const wordyRelative: ReadonlySet<string> = new Set(['de', 'fr']);

/** Makes the formats of one language; each formatter is made once. */
export function createFormats(locale: string): Formats {
  const style = wordyRelative.has(new Intl.Locale(locale).language) ? 'short' : 'narrow';
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style });
  const now = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const milliseconds = unitFormat(locale, 'millisecond', 0);
  const list = new Intl.ListFormat(locale, { type: 'conjunction', style: 'narrow' });
  return {
    age: (ageMs) => (ageMs < 1_000 ? now : relativeText(relative, ageMs)),
    timeOfDay: (atMs) => time.format(atMs),
    dateTime: (atMs) => dateTime.format(atMs),
    count: (value) => count.format(value),
    percent: (share) => percent.format(share),
    decimal: (value) => decimal.format(value),
    bytes: (value) => bytesText(locale, value),
    milliseconds: (value) => milliseconds.format(value),
    list: (items) => list.format(items),
    collator: new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }),
  };
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Decimal units, as `Intl` names them. */
function bytesText(locale: string, value: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const amount = value / 1_000 ** power;
  return unitFormat(locale, byteUnits[power] ?? 'byte', amount < 10 && power > 0 ? 1 : 0).format(amount);
}

function unitFormat(locale: string, unit: string, maximumFractionDigits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits });
}
