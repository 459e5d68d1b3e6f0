/** Formats moments, spans and amounts by the rules of one language. */
export interface Formats {
  /** An age in words, for example `8s ago`; whole seconds, minutes, hours, days. */
  age(ageMs: number): string;
  /** A span without `ago`, in its largest unit, for example `11m`. */
  span(spanMs: number): string;
  /** A span in full words, for example `11 minutes`. */
  longSpan(spanMs: number): string;
  /** Time of day to the minute. */
  clock(atMs: number): string;
  /** Time of day to the second. */
  timeOfDay(atMs: number): string;
  /** Day of the month in words. */
  day(atMs: number): string;
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

type Unit = 'day' | 'hour' | 'minute' | 'second';

const units: readonly { readonly unit: Unit; readonly seconds: number }[] = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
];

/** Makes the formats of one language; each formatter is made once, when it is first needed. */
export function createFormats(locale: string): Formats {
  const style = wordyRelative.has(locale.split('-')[0] ?? '') ? 'short' : 'narrow';
  const relatives = once(
    (numeric: 'always' | 'auto') =>
      new Intl.RelativeTimeFormat(locale, numeric === 'always' ? { numeric, style } : { numeric }),
  );
  const dates = once((key: 'clock' | 'time' | 'day' | 'dateTime') => {
    const styles = {
      clock: { timeStyle: 'short' },
      time: { timeStyle: 'medium' },
      day: { dateStyle: 'full' },
      dateTime: { dateStyle: 'medium', timeStyle: 'medium' },
    } as const;
    return new Intl.DateTimeFormat(locale, styles[key]);
  });
  const unitFormats = once((key: string) => {
    const [unit = '', unitDisplay, digits] = key.split(' ');
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: unitDisplay as 'short',
      maximumFractionDigits: Number(digits ?? 0),
    });
  });
  const amounts = once((key: 'count' | 'decimal' | 'percent') => {
    const percent = { style: 'percent', maximumFractionDigits: 0 } as const;
    const digits = key === 'decimal' ? 2 : 0;
    return new Intl.NumberFormat(locale, key === 'percent' ? percent : { maximumFractionDigits: digits });
  });
  const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction', style: 'narrow' }));
  const spanIn = (display: string, spanMs: number): string => {
    const { unit, amount } = inLargestUnit(spanMs);
    return unitFormats(`${unit} ${display}`).format(amount);
  };
  return {
    age(ageMs) {
      if (ageMs < 1_000) return relatives('auto').format(0, 'second');
      const { unit, amount } = inLargestUnit(ageMs);
      return relatives('always').format(-amount, unit);
    },
    span: (spanMs) => spanIn('narrow', spanMs),
    longSpan: (spanMs) => spanIn('long', spanMs),
    clock: (atMs) => dates('clock').format(atMs),
    timeOfDay: (atMs) => dates('time').format(atMs),
    day: (atMs) => dates('day').format(atMs),
    dateTime: (atMs) => dates('dateTime').format(atMs),
    count: (value) => amounts('count').format(value),
    percent: (share) => amounts('percent').format(share),
    decimal: (value) => amounts('decimal').format(value),
    bytes: (value) => bytesText(unitFormats, value),
    milliseconds: (value) => unitFormats('millisecond short').format(value),
    list: (items) => lists('').format(items),
    collator: new Intl.Collator(locale, { numeric: true, sensitivity: 'base' }),
  };
}

/** A span in its largest unit, rounded down: 119 s is one minute. */
function inLargestUnit(spanMs: number): { readonly unit: Unit; readonly amount: number } {
  const whole = Math.max(0, Math.floor(spanMs / 1_000));
  const { unit, seconds } = units.find((each) => whole >= each.seconds) ?? { unit: 'second', seconds: 1 };
  return { unit, amount: Math.floor(whole / seconds) };
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Decimal units, as `Intl` names them. */
function bytesText(unitFormats: (key: string) => Intl.NumberFormat, value: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const amount = value / 1_000 ** power;
  return unitFormats(`${byteUnits[power]} short ${amount < 10 && power > 0 ? 1 : 0}`).format(amount);
}

/** Caches the results of a function by key. */
function once<Key extends string, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
