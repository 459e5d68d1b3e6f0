/**
 * Turns an identifier into a presence key: trimmed and lower-cased (PK1).
 *
 * @returns the key, or `undefined` when the identifier is absent or blank: blank is no key.
 */
export function presenceKey(identifier: string | undefined): string | undefined {
  const key = identifier?.trim().toLowerCase();
  return key === '' ? undefined : key;
}

/** Longest part of a text line that serves as a key, in characters (PK3). */
const textKeyLength = 64;

/** Key of a beacon that has nothing but its text (PK3). */
export function textKey(text: string | undefined): string | undefined {
  return presenceKey(text?.trim().slice(0, textKeyLength));
}
