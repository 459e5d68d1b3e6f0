import { readFileSync, statSync } from 'node:fs';
import { type UpstreamConfig, upstreamsProblem } from './upstream-config.ts';

/**
 * Reads the upstreams that `rollcall upstream add` keeps; a file that is not there holds none.
 *
 * Throws `TypeError` that names the file and says what to do, for one that others may read or write, or that holds
 * something else.
 */
export function readUpstreamsFile(file: string): readonly UpstreamConfig[] {
  const text = readPrivate(file);
  if (text === undefined) return [];
  const upstreams = parse(text);
  const problem = upstreamsProblem(upstreams);
  if (problem !== undefined) throw new TypeError(`the upstreams file ${file} cannot be used: ${problem}`);
  return upstreams as readonly UpstreamConfig[];
}

/** The text that {@link readUpstreamsFile} reads. */
export function upstreamsFileText(upstreams: readonly UpstreamConfig[]): string {
  return `${JSON.stringify({ upstreams }, undefined, 2)}\n`;
}

/** Those of the configuration, and behind them those of the file whose names it does not have. */
export function joinUpstreams(
  configured: readonly UpstreamConfig[],
  kept: readonly UpstreamConfig[],
): readonly UpstreamConfig[] {
  const names = new Set(configured.map(({ name }) => name.toLowerCase()));
  return [...configured, ...kept.filter(({ name }) => !names.has(name.toLowerCase()))];
}

function readPrivate(file: string): string | undefined {
  try {
    const { mode } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new TypeError(
        `the upstreams file ${file} is open to other users (mode ${octal}): run chmod 600 '${file}'`,
      );
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof TypeError) throw error;
    throw new TypeError(`cannot read the upstreams file ${file}: ${(error as Error).message}`);
  }
}

function parse(text: string): unknown {
  try {
    return (JSON.parse(text) as { upstreams?: unknown } | null)?.upstreams;
  } catch {
    return undefined;
  }
}
