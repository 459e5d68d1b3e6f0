import { ageMs, type Instance, lastInputSecondsAt } from '../../client/index.ts';
import { factNames, fields } from '../../core/index.ts';
import { presenceStateOf } from '../../viewer/index.ts';

/** Fields of the summary, in order, by their names in the protocol; the seconds since the last input are as of now. */
const names: readonly (keyof Instance)[] = [
  ...factNames.filter((name) => fields[name].exported !== false && name !== 'lastInputSeconds'),
  'connections',
  'rttMs',
  'key',
];

/**
 * A summary of an instance for bug reports: one `name: value` per line, by the names of the protocol,
 * whatever the language of the page.
 */
export function debugSummary(row: Instance, nowMs: number): string {
  const input = lastInputSecondsAt(row, nowMs);
  const lines = [
    `state: ${presenceStateOf(row, nowMs)}`,
    ...names.filter((name) => row[name] !== undefined).map((name) => `${name}: ${textOf(row[name])}`),
    ...(input === undefined ? [] : [`lastInputSeconds: ${input}`]),
    `updated: ${new Date(row.ts).toISOString()} (${Math.floor(ageMs(row, nowMs) / 1_000)} s ago)`,
    `now: ${new Date(nowMs).toISOString()}`,
  ];
  return lines.join('\n');
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
