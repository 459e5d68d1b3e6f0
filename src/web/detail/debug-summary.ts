import { ageMs, type Instance, lastInputSecondsAt, statusAt } from '../../client/index.ts';
import { statusNotes } from '../../viewer/index.ts';

/** Fields of the summary, in order, by their names on the wire. */
const fields = [
  'host',
  'mode',
  'ip',
  'version',
  'platform',
  'deviceFamily',
  'modelIdentifier',
  'roles',
  'scopes',
  'tags',
  'reason',
  'connections',
  'rttMs',
  'instanceId',
  'deviceId',
  'key',
] as const;

/**
 * What somebody who is asked for help wants to know of an instance: one `name: value` per line, in the words of the wire,
 * whatever the language of the page.
 */
export function debugSummary(row: Instance, nowMs: number): string {
  const input = lastInputSecondsAt(row, nowMs);
  const notes = statusNotes(row).join(', ');
  const lines = [
    `status: ${statusAt(row, nowMs)}${notes === '' ? '' : ` (${notes})`}`,
    ...fields.filter((name) => row[name] !== undefined).map((name) => `${name}: ${textOf(row[name])}`),
    ...(input === undefined ? [] : [`lastInputSeconds: ${input}`]),
    `updated: ${new Date(row.ts).toISOString()} (${Math.floor(ageMs(row, nowMs) / 1_000)} s ago)`,
    `now: ${new Date(nowMs).toISOString()}`,
  ];
  return lines.join('\n');
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
