/**
 * A stranger's text, fit for one line of a terminal: control characters, escape sequences and invisible
 * direction marks become a space, and what is longer than `maxLength` (300) characters is cut.
 */
export function oneLine(text: string, maxLength = 300): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\s]+/gu, ' ')
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
