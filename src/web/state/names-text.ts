import type { Formats } from '../format/formats.ts';
import type { Words } from '../i18n/words.ts';

type Name = string | undefined;

/** Most names in the text; the others are counted. */
const mostNames = 5;

/** Names in one line, the first few of them. */
export function namesText(names: readonly Name[], t: Words, f: Formats, most = mostNames): string {
  const others = names.length - most;
  const said = names.slice(0, most).map((name) => name ?? t.unnamed);
  return f.list(others > 0 ? [...said, t.andMore(f.count(others))] : said);
}
