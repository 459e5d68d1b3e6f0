import { comparableText } from './text-form.ts';

/**
 * Turns an identifier into a presence key: in the form in which identifiers are compared (PK1).
 *
 * @returns the key, or `undefined` when the identifier is absent or blank: blank is no key.
 */
export function presenceKey(identifier: string | undefined): string | undefined {
  return identifier === undefined ? undefined : comparableText(identifier) || undefined;
}

/** Longest part of a text line that serves as a key, in characters (PK3). */
const textKeyLength = 64;

/** Key of a beacon that has nothing but its text (PK3); a character outside the BMP counts as one and is never cut. */
export function textKey(text: string | undefined): string | undefined {
  // Twice the length in UTF-16 units holds enough characters, however long the text is.
  const characters = Array.from(text?.trim().slice(0, 2 * textKeyLength) ?? '');
  return presenceKey(characters.slice(0, textKeyLength).join(''));
}
