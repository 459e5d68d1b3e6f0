import { readPrivateFile } from '../../host/index.ts';
import { type UpstreamConfig, upstreamsProblem } from './upstream-config.ts';

/**
 * Reads the upstreams that `rollcall upstream add` stores; a file that is not there holds none.
 *
 * Throws `TypeError` that names the file and states what to do, for one that others may read or write, or that holds
 * something else.
 */
export function readUpstreamsFile(file: string): readonly UpstreamConfig[] {
  const text = readPrivateFile(file, 'the upstreams file');
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

function parse(text: string): unknown {
  try {
    return (JSON.parse(text) as { upstreams?: unknown } | null)?.upstreams;
  } catch {
    return undefined;
  }
}
