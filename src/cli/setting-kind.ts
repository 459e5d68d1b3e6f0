/** How the value of a flag is written and checked, for commands whose flags are no settings of the gateway. */
export interface SettingKind<T> {
  /** Completes "must be …" in an error. */
  readonly expected: string;
  /** Placeholder of the value in the help: `--port <number>`. */
  readonly placeholder: string;
  /** Parses a flag; text that cannot be parsed is returned unchanged and fails `accepts`. */
  fromText(text: string): unknown;
  accepts(value: unknown): value is T;
}

/** A whole number between two bounds, both included; `unit` completes "a whole number of …". */
export function wholeNumber(options: {
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}): SettingKind<number> {
  const { min, max, unit } = options;
  return {
    expected: `a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`,
    placeholder: unit ?? 'number',
    fromText: (text) => (/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text),
    accepts: (value): value is number =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
  };
}

/** Text that is not blank; `what` completes "must be …". */
export function text(options: { readonly what: string; readonly placeholder: string }): SettingKind<string> {
  return {
    expected: options.what,
    placeholder: options.placeholder,
    fromText: (value) => value,
    accepts: (value): value is string => typeof value === 'string' && value.trim() !== '',
  };
}

/** A list of words, comma separated; empty text is the empty list. */
export function list(options: {
  readonly what: string;
  readonly placeholder: string;
}): SettingKind<readonly string[]> {
  return {
    expected: options.what,
    placeholder: options.placeholder,
    fromText: splitList,
    accepts: (value): value is readonly string[] => Array.isArray(value) && value.length <= 1_000,
  };
}

/** `a, b,c` as `['a', 'b', 'c']`; blank items are left out. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
