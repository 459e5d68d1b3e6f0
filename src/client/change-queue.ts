import type { InstanceChange, Join } from './instance.ts';

/** Changes that one reader has not read yet, in order. */
export interface ChangeQueue {
  push(changes: readonly InstanceChange[]): void;
  /** Ends the reading, after what waits. */
  end(): void;
  readonly iterator: AsyncIterableIterator<InstanceChange>;
}

/** A queue that merges the changes of one row while they wait, so that a slow reader needs no more room than the roster. */
export function createChangeQueue(onEnd: () => void): ChangeQueue {
  const pending = new Map<string, InstanceChange>();
  const readers: ((result: IteratorResult<InstanceChange>) => void)[] = [];
  let ended = false;

  const take = (): IteratorResult<InstanceChange> | undefined => {
    for (const [key, value] of pending) {
      pending.delete(key);
      return { value, done: false };
    }
    return ended ? { value: undefined, done: true } : undefined;
  };
  const serve = (): void => {
    while (readers.length > 0) {
      const result = take();
      if (result === undefined) return;
      readers.shift()?.(result);
    }
  };
  const end = (): void => {
    ended = true;
    onEnd();
    serve();
  };
  const iterator: AsyncIterableIterator<InstanceChange> = {
    next: () => {
      const result = readers.length === 0 ? take() : undefined;
      return result ? Promise.resolve(result) : new Promise((resolve) => readers.push(resolve));
    },
    return: () => {
      pending.clear();
      end();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return {
    push(changes) {
      for (const change of changes) mergeChange(pending, change);
      serve();
    },
    end,
    iterator,
  };
}

/** Adds a change to those that wait; with one of the same row they become one with the same effect. */
export function mergeChange(pending: Map<string, InstanceChange>, arrived: InstanceChange): void {
  const change = arrived.kind === 'join' ? reuseKey(pending, arrived) : arrived;
  const origin = change.kind === 'update' ? (change.previousKey ?? change.key) : change.key;
  const earlier = pending.get(origin);
  const merged = earlier ? combine(earlier, change) : change;
  if (merged?.key !== origin) pending.delete(origin);
  if (merged) pending.set(merged.key, merged);
}

/** A row joins under a key that another row, as the reader will learn, has moved away from: make it two plain changes. */
function reuseKey(pending: Map<string, InstanceChange>, join: Join): InstanceChange {
  for (const [key, moved] of pending) {
    if (moved.kind !== 'update' || moved.previousKey !== join.key) continue;
    pending.set(key, { kind: 'join', key, instance: moved.instance });
    return { ...join, kind: 'update', previous: moved.previous };
  }
  return join;
}

function combine(earlier: InstanceChange, change: InstanceChange): InstanceChange | undefined {
  const { key, instance } = change;
  if (earlier.kind === 'leave') return { kind: 'update', key, instance, previous: earlier.instance };
  if (earlier.kind === 'join') return change.kind === 'leave' ? undefined : { kind: 'join', key, instance };
  const { previous, previousKey } = earlier;
  const former = previousKey ?? earlier.key;
  if (change.kind === 'leave') return { kind: 'leave', key: former, instance };
  return { kind: 'update', key, instance, previous, ...(former !== key && { previousKey: former }) };
}
