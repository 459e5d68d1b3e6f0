import { noticesProblem } from './config-problem.ts';
import type { NoticesConfig } from './notices-config.ts';

/** Reads the file of `noticesFile`: a problem is reported with its line (PN1). */
export function readNoticesText(
  source: string,
): { readonly config: NoticesConfig } | { readonly problem: string; readonly line: number } {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /position (\d+)/.exec(message) ?? [];
    const [, stated] = /line (\d+)/.exec(message) ?? [];
    const line = stated === undefined ? lineAt(source, Number(position ?? source.length)) : Number(stated);
    return { problem: 'is no JSON here', line };
  }
  const problem = noticesProblem(value);
  if (problem === undefined) return { config: value as NoticesConfig };
  return { problem: `${problem.path} ${problem.what}`, line: lineAt(source, placeOf(source, problem.path)) };
}

/** The line of a position, the first one is 1. */
export function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length;
}

/** Where the value of a path begins in valid JSON; the nearest value above it where the path leads nowhere. */
export function placeOf(source: string, path: string): number {
  const parts = path
    .split('/')
    .slice(1)
    .filter((part) => part !== '');
  let best = 0;
  let depth = 0;
  const scan = new JsonScan(source);
  scan.walk((at, found) => {
    const isPrefix = found.length <= parts.length && found.every((part, index) => part === parts[index]);
    if (!isPrefix || found.length < depth) return;
    depth = found.length;
    best = at;
  });
  return best;
}

/** Walks through valid JSON text and reports where each value begins. */
class JsonScan {
  readonly #text: string;
  #at = 0;

  constructor(source: string) {
    this.#text = source;
  }

  walk(visit: (at: number, path: readonly string[]) => void, path: readonly string[] = []): void {
    this.#skip();
    visit(this.#at, path);
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') this.#inside(first === '{', visit, path);
    else if (first === '"') this.#string();
    else while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #inside(
    isObjectText: boolean,
    visit: (at: number, path: readonly string[]) => void,
    path: readonly string[],
  ): void {
    this.#at += 1;
    for (let index = 0; ; index += 1) {
      this.#skip();
      const next = this.#text[this.#at];
      if (next === undefined) return;
      if (next === '}' || next === ']') {
        this.#at += 1;
        return;
      }
      if (next === ',') {
        this.#at += 1;
        this.#skip();
      }
      let name = String(index);
      const nameAt = this.#at;
      if (isObjectText) {
        name = this.#string();
        visit(nameAt, [...path, name]);
        this.#skip();
        this.#at += 1;
      }
      this.walk(visit, [...path, name]);
    }
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) {
      if (this.#text[this.#at] === '\\') this.#at += 1;
    }
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}
