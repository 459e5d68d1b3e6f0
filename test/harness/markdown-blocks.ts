import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A fenced block of a document. */
export interface MarkdownBlock {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The word behind the fence, for example `sh`. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, in order. */
export function blocksOf(file: string): readonly MarkdownBlock[] {
  const lines = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8').split('\n');
  const blocks: MarkdownBlock[] = [];
  let open: { readonly line: number; readonly language: string; readonly text: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\S*)/.exec(line);
    if (fence === null) open?.text.push(line);
    else if (open === undefined) open = { line: index + 1, language: fence[1] ?? '', text: [] };
    else {
      blocks.push({ file, line: open.line, language: open.language, text: open.text.join('\n') });
      open = undefined;
    }
  }
  return blocks;
}

/** The first block of a language; throws when there is none. */
export function blockOf(file: string, language: string): string {
  const found = blocksOf(file).find((block) => block.language === language);
  if (found === undefined) throw new Error(`${file} has no ${language} block`);
  return found.text;
}
