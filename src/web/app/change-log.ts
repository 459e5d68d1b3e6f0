import type { InstanceChange } from '../../client/index.ts';

/** One thing that happened to an instance while the page was open. */
export interface LoggedChange {
  /** The gateway's clock, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly change: InstanceChange;
}

/** What happened to each instance since the page was opened: the newest few of each, for the most recent instances. */
export interface ChangeLog {
  add(change: InstanceChange, atMs: number): void;
  /** Newest first. */
  of(key: string): readonly LoggedChange[];
}

/** Makes an empty log. Its size is bounded by `perInstance` × `instances`. */
export function createChangeLog({ perInstance = 20, instances = 1_000 } = {}): ChangeLog {
  const logs = new Map<string, readonly LoggedChange[]>();
  return {
    add(change, atMs) {
      const former = change.kind === 'update' ? (change.previousKey ?? change.key) : change.key;
      const before = logs.get(former) ?? [];
      logs.delete(former);
      logs.delete(change.key);
      logs.set(change.key, [{ atMs, change }, ...before].slice(0, perInstance));
      const [oldest] = logs.keys();
      if (logs.size > instances && oldest !== undefined) logs.delete(oldest);
    },
    of: (key) => logs.get(key) ?? [],
  };
}
