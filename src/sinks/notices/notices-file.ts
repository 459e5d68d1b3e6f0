import { noticesProblem } from './config-problem.ts';
import { lineAt, placeOf } from './json-place.ts';
import type { NoticesConfig } from './notices-config.ts';

/** Reads the file of `noticesFile`: what is wrong is said with its line (PN1). */
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
