import { displayWidth } from './display-width.ts';

/**
 * Breaks a text into lines of at most `width` columns of a terminal, between words where it can; at least one line.
 *
 * Blanks at a break are dropped.
 */
export function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/).flatMap((piece) => breakWord(piece, width))) {
    if (line !== '' && displayWidth(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/**
 * Breaks a line such as `  --flag  what it does` so that the following lines are aligned with the description, or below the first word of a
 * line without one. Without a width the line stays as it is.
 *
 * @param indent where the following lines begin; by default the last text after two blanks, else the first.
 */
export function hangLine(
  line: string,
  width: number | undefined,
  indent: number = indentOf(line, width),
): readonly string[] {
  if (width === undefined || displayWidth(line) <= width) return [line];
  const [first = ''] = wrapLine(line, width);
  const rest = line.slice(first.length).trimStart();
  const room = Math.max(1, width - indent);
  return [first, ...wrapLine(rest, room).map((piece) => ' '.repeat(indent) + piece)];
}

/** A description for which too little width remains begins further left. */
function indentOf(line: string, width = Number.POSITIVE_INFINITY): number {
  const blanks = line.length - line.trimStart().length;
  const label = /^.*\S {2,}(?=\S)/.exec(line)?.[0].length ?? 0;
  if (label === 0) return blanks;
  return label <= width / 2 ? label : blanks + 2;
}

/** A word that is wider than a line, in pieces that are not. */
function breakWord(word: string, width: number): readonly string[] {
  if (displayWidth(word.trimEnd()) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (piece !== '' && displayWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
