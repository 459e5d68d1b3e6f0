import Type, { type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import {
  maxTokens,
  type NamedTokenOption,
  NamedTokenSchema,
  tokensProblem,
} from '../gateway/access/named-token.ts';

/** What values a setting takes: how they are written in text, checked and described. */
export interface SettingKind<T> {
  /** JSON Schema of the value in the configuration file. */
  readonly schema: TSchema;
  /** Completes "expected …" in an error. */
  readonly expected: string;
  /** Stands for the value in the help: `--port <number>`. */
  readonly placeholder: string;
  /** Reads a flag or an environment variable; what cannot be read comes back as it is and fails `accepts`. */
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
  const schema = Type.Integer({ minimum: min, maximum: max });
  const what = unit === undefined ? 'a whole number' : `a whole number of ${unit}`;
  return {
    schema,
    expected: `${what} from ${min} to ${max}`,
    placeholder: unit === 'milliseconds' ? 'ms' : (unit ?? 'number'),
    fromText: (text) => (/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text),
    accepts: (value): value is number => Value.Check(schema, value),
  };
}

/** A span of time in whole milliseconds, at most what a timer can hold: 24 days. */
export function duration(options: { readonly min: number }): SettingKind<number> {
  return wholeNumber({ min: options.min, max: 2_147_483_647, unit: 'milliseconds' });
}

/** A text that is not blank; `what` completes "expected …". */
export function text(options: {
  readonly what: string;
  readonly placeholder: string;
  readonly pattern?: string;
}): SettingKind<string> {
  const schema = Type.String({ minLength: 1, pattern: options.pattern ?? '\\S' });
  return {
    schema,
    expected: options.what,
    placeholder: options.placeholder,
    fromText: (value) => value,
    accepts: (value): value is string => Value.Check(schema, value),
  };
}

/** One word of a fixed list. */
export function choice<const W extends string>(words: readonly W[]): SettingKind<W> {
  const schema = Type.Union(words.map((word) => Type.Literal(word)));
  return {
    schema,
    expected: `one of ${words.join(', ')}`,
    placeholder: words.join('|'),
    fromText: (value) => value.trim(),
    accepts: (value): value is W => Value.Check(schema, value),
  };
}

/** `true` or `false`. */
export const yesOrNo: SettingKind<boolean> = {
  schema: Type.Boolean(),
  expected: 'true or false',
  placeholder: 'true|false',
  fromText: (text) => ({ true: true, false: false })[text.trim()] ?? text,
  accepts: (value): value is boolean => typeof value === 'boolean',
};

/** Named tokens: a list of objects, in text as JSON. */
export const namedTokens: SettingKind<readonly NamedTokenOption[]> = {
  schema: Type.Array(NamedTokenSchema, { maxItems: maxTokens }),
  expected:
    'a list of tokens in JSON, for example [{"name": "wall", "tokenFile": "/run/wall-token", "roles": ["operator"], "scopes": ["operator.read"]}]',
  placeholder: 'json',
  fromText: (text) => {
    if (text.trim() === '') return [];
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
  accepts: (value): value is readonly NamedTokenOption[] => tokensProblem(value) === undefined,
};

/** A list of words, comma separated in text; empty text is the empty list. `isItem` judges one word. */
export function list(options: {
  readonly what: string;
  readonly placeholder: string;
  readonly isItem?: (item: string) => boolean;
}): SettingKind<readonly string[]> {
  const schema = Type.Array(Type.String({ pattern: '\\S' }), { maxItems: 1000 });
  const isItem = options.isItem ?? (() => true);
  return {
    schema,
    expected: options.what,
    placeholder: options.placeholder,
    fromText: splitList,
    accepts: (value): value is readonly string[] =>
      Value.Check(schema, value) && (value as string[]).every((item) => isItem(item)),
  };
}

/** `a, b,c` as `['a', 'b', 'c']`; blank items are left out. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
