import type { Instance, InstanceChange } from './instance.ts';

/** Changes that one reader has not read yet, in order. */
export interface ChangeQueue {
  push(changes: readonly InstanceChange[]): void;
  /** Ends the reading after the pending changes; with an error, the next reading fails once. */
  end(error?: Error): void;
  readonly iterator: AsyncIterableIterator<InstanceChange>;
}

type Read = IteratorResult<InstanceChange>;

/** A queue that merges the changes of one row while they wait, so that a slow reader needs no more room than the roster. */
export function createChangeQueue(onEnd: () => void): ChangeQueue {
  const pending = new Map<string, InstanceChange>();
  const readers: ((result: Read | Promise<Read>) => void)[] = [];
  let ended = false;
  let failure: Error | undefined;

  const take = (): Read | Promise<Read> | undefined => {
    for (const [key, value] of pending) {
      pending.delete(key);
      return { value, done: false };
    }
    if (!ended) return undefined;
    const error = failure;
    failure = undefined;
    return error ? Promise.reject(error) : { value: undefined, done: true };
  };
  const serve = (): void => {
    while (readers.length > 0) {
      const result = take();
      if (result === undefined) return;
      readers.shift()?.(result);
    }
  };
  const end = (error?: Error): void => {
    if (ended) return;
    ended = true;
    failure = error;
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
      failure = undefined;
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

/** Adds a change to the pending ones, merged with one of the same row into one of the same effect. No key is in two of them. */
export function mergeChange(pending: Map<string, InstanceChange>, change: InstanceChange): void {
  const { kind, key, instance } = change;
  const from = (kind === 'update' && change.previousKey) || key;
  const isArrival = kind === 'join' || from !== key;
  const previous = isArrival ? vacate(pending, key) : undefined;
  if (previous) {
    if (kind === 'update') mergeChange(pending, { kind: 'leave', key: from, instance: change.previous });
    pending.set(key, { kind: 'update', key, instance, previous });
    return;
  }
  const earlier = pending.get(from);
  const merged = earlier ? combine(earlier, change) : change;
  if (merged?.key !== from) pending.delete(from);
  if (merged) pending.set(merged.key, merged);
}

/** The row that the reader has under a key that became free; the pending change about it is replaced. */
function vacate(pending: Map<string, InstanceChange>, key: string): Instance | undefined {
  for (const change of pending.values()) {
    if (change.kind === 'leave' && change.key === key) return change.instance;
    if (change.kind !== 'update' || change.previousKey !== key) continue;
    pending.set(change.key, { kind: 'join', key: change.key, instance: change.instance });
    return change.previous;
  }
  return undefined;
}

function combine(earlier: InstanceChange, change: InstanceChange): InstanceChange | undefined {
  const { key, instance } = change;
  const isGone = change.kind === 'leave';
  if (earlier.kind !== 'update') return isGone ? undefined : { kind: 'join', key, instance };
  const { previous, previousKey = earlier.key } = earlier;
  if (isGone) return { kind: 'leave', key: previousKey, instance };
  return { kind: 'update', key, instance, previous, ...(previousKey !== key && { previousKey }) };
}
