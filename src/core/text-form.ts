/** Nothing but readable ASCII, as most strings are: such a text has one form only. */
const plain = /^[ -~]*$/;

/**
 * Characters that draw nothing or change how others are drawn: format characters (bidirectional controls, zero-width
 * characters, tags), fillers and the blank braille pattern. Selectors of emoji style and joiners are not among them.
 */
const invisible = /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Joiners mean something between letters and emoji of scripts that join, and nothing beside ASCII. */
const looseJoiner = /(?<![^ -~])[\u200c\u200d]|[\u200c\u200d](?![^ -~])/gu;
/** For comparison joiners and selectors do not count either. */
const ignorable = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text without white space around it and without invisible characters (PF2); empty when nothing is left to see. */
export function visibleText(text: string): string {
  const trimmed = text.trim();
  if (plain.test(trimmed)) return trimmed;
  const visible = trimmed.replace(invisible, '').replace(looseJoiner, '').trim();
  // A selector or joiner with nothing beside it draws nothing either.
  return visible.replace(ignorable, '').trim() === '' ? '' : visible;
}

/**
 * The form in which identifiers are compared (PK1): trimmed, in Unicode normal form C, without invisible characters, lower-cased.
 *
 * A name that is typed (composed) and one that a file system gives (decomposed) are the same then.
 */
export function comparableText(text: string): string {
  const trimmed = text.trim();
  if (plain.test(trimmed)) return trimmed.toLowerCase();
  return trimmed.replace(ignorable, '').normalize('NFC').toLowerCase().normalize('NFC').trim();
}

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
