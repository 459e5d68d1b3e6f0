import stringWidth from 'string-width';

/**
 * Breaks a text into lines of at most `width` columns of a terminal, between words where it can; at least one line.
 *
 * Blanks at a break are dropped.
 */
export function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/).flatMap((piece) => breakWord(piece, width))) {
    if (line !== '' && stringWidth(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/** A word that is wider than a line, in pieces that are not. */
function breakWord(word: string, width: number): readonly string[] {
  if (stringWidth(word.trimEnd()) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (piece !== '' && stringWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
