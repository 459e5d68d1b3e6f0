import { type Instance, type InstanceChange, statusAt } from '../../client/index.ts';
import { nameOf, stateText } from '../row-text.ts';
import { clockText, oneLine } from '../text-format.ts';

/**
 * A change as one JSON line of `rollcall watch --json`.
 *
 * `kind` is `join`, `update` or `leave`; the rows that are there at the start are joins. `at` is the gateway's clock in milliseconds
 * since the epoch, `status` that of the row at that moment (PS1), `previousKey` the key that a row had before it moved
 * (PK8), `instance` the row as `presence.list` shows it, for a leave the last that was known.
 */
export function changeJson(change: InstanceChange, nowMs: number): string {
  const { kind, key, instance } = change;
  const previousKey = change.kind === 'update' ? change.previousKey : undefined;
  return JSON.stringify({
    kind,
    key,
    ...(previousKey !== undefined && { previousKey }),
    at: nowMs,
    status: statusAt(instance, nowMs),
    instance,
  });
}

/** A change as one line for people. */
export function changeLine(change: InstanceChange, nowMs: number): string {
  const { kind, instance } = change;
  const name = `${nameOf(instance)} (${oneLine(instance.mode ?? 'no mode', 40)})`;
  const what = kind === 'update' ? difference(change.previous, instance) : situation(instance, nowMs);
  return `${clockText(nowMs)}  ${kind.padEnd(6)}  ${name}  ${what}`;
}

function situation(instance: Instance, nowMs: number): string {
  const { ip, version, reason } = instance;
  const facts = [ip, version, reason].filter((fact) => fact !== undefined).map((fact) => oneLine(fact));
  return [stateText(instance, nowMs), ...facts].join(' · ');
}

/** Facts that change when a row is only renewed. */
const renewals: ReadonlySet<string> = new Set(['ts', 'rttMs', 'sources', 'firstSeenAtMs']);

function difference(previous: Instance, instance: Instance): string {
  const before = previous as unknown as Readonly<Record<string, unknown>>;
  const after = instance as unknown as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter(
    (name) => !renewals.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (changed.length === 0) return 'renewed';
  return changed.map((name) => `${name} ${factText(before[name])} → ${factText(after[name])}`).join(', ');
}

function factText(value: unknown): string {
  if (value === undefined) return 'none';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), 80);
}
