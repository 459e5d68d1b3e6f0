import type { Formats } from '../format/formats.ts';
import type { LaterMessages } from '../i18n/later-messages.ts';
import type { Messages } from '../i18n/messages.ts';
import type { Arrivals } from './arrivals.ts';

/** So many names are said; the others are counted. */
const mostNames = 5;

/** A batch of joins and leaves in words. */
export function arrivalsText({ joined, left }: Arrivals, t: Messages & LaterMessages, f: Formats): string {
  const names = (all: Arrivals['joined']): string => {
    const others = all.length - mostNames;
    const said = all.slice(0, mostNames).map((name) => name ?? t.unnamed);
    return f.list(others > 0 ? [...said, t.andMore(f.count(others))] : said);
  };
  const sentences = [
    joined.length > 0 ? t.joined(joined.length, names(joined)) : '',
    left.length > 0 ? t.left(left.length, names(left)) : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join('. ');
}
