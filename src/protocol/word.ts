import { type TString, Type } from 'typebox';
import { visibleText } from '../core/index.ts';
import { LIMITS } from './limits.ts';

/** Control characters, line and paragraph separators, and halves of surrogate pairs: nothing that a person reads. */
const unreadable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Nothing but readable ASCII, as most words are: cheaper to check. */
const plain = /^[ -~]*$/;

/** An object with these fields among others. */
type Source<Name extends string> = { readonly [K in Name]?: unknown };

/** Schema of a word: a name, an identifier, a version … (PL4). */
export function wordSchema(description: string, maxLength: number = LIMITS.maxWordLength): TString {
  return Type.String({ description, maxLength });
}

/** The word without white space around it and invisible characters in it; `undefined` when nothing is left (PF2). */
export function trimmed(value: unknown): string | undefined {
  return typeof value === 'string' ? visibleText(value) || undefined : undefined;
}

/** Words of a list, trimmed, each once, blanks left out; `undefined` when nothing is left (PF1). */
export function trimmedList(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const words = new Set<string>();
  for (const item of value) {
    const word = trimmed(item);
    if (word !== undefined) words.add(word);
  }
  return words.size === 0 ? undefined : [...words];
}

/** What is wrong with a word: too long as sent, or unreadable inside (PF2, PL4). */
export function wordProblem(word: string, maxLength: number = LIMITS.maxWordLength): string | undefined {
  // TypeBox counts graphemes, and one grapheme can be of any length. Memory is bounded in UTF-16 units.
  if (word.length > maxLength) return `must have at most ${maxLength} characters`;
  return !plain.test(word) && unreadable.test(word.trim())
    ? 'must not contain control characters'
    : undefined;
}

/** The first problem among the named words of an object; its other fields are not checked. */
export function wordsProblem<Name extends string>(
  source: Source<Name>,
  names: readonly Name[],
  parent = '',
): Problem | undefined {
  for (const name of names) {
    const value = source[name];
    const what = typeof value === 'string' ? wordProblem(value) : undefined;
    if (what !== undefined) return { path: `${parent}/${name}`, what };
  }
  return undefined;
}

/** The first problem among the items of the named lists of an object. */
export function listsProblem<Name extends string>(
  source: Source<Name>,
  names: readonly Name[],
  parent = '',
): Problem | undefined {
  for (const name of names) {
    const list = source[name];
    if (!Array.isArray(list)) continue;
    const index = list.findIndex((item) => typeof item === 'string' && wordProblem(item) !== undefined);
    if (index !== -1) return { path: `${parent}/${name}/${index}`, what: wordProblem(list[index]) ?? '' };
  }
  return undefined;
}

/** The named words of an object, trimmed; blank and absent ones are left out. */
export function pickWords<Name extends string>(
  source: Source<Name>,
  names: readonly Name[],
): { [K in Name]?: string } {
  const words: { [K in Name]?: string } = {};
  for (const name of names) {
    const word = trimmed(source[name]);
    if (word !== undefined) words[name] = word;
  }
  return words;
}

/** Why a value from outside is invalid. */
export interface Problem {
  /** JSON pointer of the field, for example `/client/id`; `/` is the value itself. */
  readonly path: string;
  /** What it must be, for example `must be string`. */
  readonly what: string;
}
