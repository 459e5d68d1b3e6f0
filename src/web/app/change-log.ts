import type { Instance, InstanceChange } from '../../client/index.ts';

/** One thing that happened to an instance while the page was open. */
export interface LoggedChange {
  /** The gateway's clock, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly kind: 'join' | 'leave' | 'update';
  /** Fields that are different now; `value` is absent for one that is gone. Empty for a mere renewal. */
  readonly fields: readonly { readonly name: keyof Instance; readonly value?: unknown }[];
}

/** What happened to each instance since the page was opened: the newest few of each, for the most recent instances. */
export interface ChangeLog {
  add(change: InstanceChange, atMs: number): void;
  /** Newest first. */
  of(key: string): readonly LoggedChange[];
}

/** Fields that say when and how, not what. */
const silentFields: ReadonlySet<string> = new Set(['key', 'ts', 'sources', 'text', 'rttMs', 'firstSeenAtMs']);

/** Makes an empty log. Its size is bounded by `perInstance` × `instances`. */
export function createChangeLog({ perInstance = 20, instances = 1_000 } = {}): ChangeLog {
  const logs = new Map<string, readonly LoggedChange[]>();
  return {
    add(change, atMs) {
      const former = change.kind === 'update' ? (change.previousKey ?? change.key) : change.key;
      const before = logs.get(former) ?? [];
      logs.delete(former);
      logs.set(change.key, [describeChange(change, atMs), ...before].slice(0, perInstance));
      const [oldest] = logs.keys();
      if (logs.size > instances && oldest !== undefined) logs.delete(oldest);
    },
    of: (key) => logs.get(key) ?? [],
  };
}

function describeChange(change: InstanceChange, atMs: number): LoggedChange {
  const { kind, instance } = change;
  if (change.kind !== 'update') return { atMs, kind, fields: [] };
  const { previous } = change;
  const names = new Set([...Object.keys(previous), ...Object.keys(instance)]) as Set<keyof Instance>;
  const fields = [...names]
    .filter((name) => !silentFields.has(name) && !isSame(previous[name], instance[name]))
    .map((name) => (instance[name] === undefined ? { name } : { name, value: instance[name] }));
  return { atMs, kind, fields };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
