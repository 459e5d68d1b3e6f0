import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChangeQueue, mergeChange } from './change-queue.ts';
import type { Instance, InstanceChange } from './instance.ts';

type Rows = Map<string, Instance>;

/** Applies a change to the map of a reader. */
function applyTo(rows: Rows, change: InstanceChange): void {
  if (change.kind === 'update' && change.previousKey) rows.delete(change.previousKey);
  if (change.kind === 'leave') rows.delete(change.key);
  else rows.set(change.key, change.instance);
}

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key }),
  fc.record({ do: fc.constant('leave' as const), key }),
  fc.record({ do: fc.constant('move' as const), key, to: key }),
);

/** The change that a step makes of `rows`, if it can be made. */
function changeOf(
  rows: Rows,
  action: { do: string; key: string; to?: string },
  ts: number,
): InstanceChange | undefined {
  const previous = rows.get(action.key);
  const put = { key: action.key, ts };
  if (action.do === 'put' && !previous) return { kind: 'join', key: action.key, instance: put };
  if (!previous) return undefined;
  if (action.do === 'put') return { kind: 'update', key: action.key, instance: put, previous };
  if (action.do === 'leave') return { kind: 'leave', key: action.key, instance: previous };
  if (action.to === undefined || rows.has(action.to)) return undefined;
  const instance = { key: action.to, ts };
  return { kind: 'update', key: action.to, instance, previous, previousKey: action.key };
}

/** Makes the changes; the reader reads what is pending at each null and at the end, and must have the same rows then. */
function readAfter(steps: readonly (Parameters<typeof changeOf>[1] | null)[]): void {
  const truth: Rows = new Map();
  const reader: Rows = new Map();
  const pending = new Map<string, InstanceChange>();
  const read = () => {
    for (const change of pending.values()) applyTo(reader, change);
    pending.clear();
    expect(Object.fromEntries(reader)).toEqual(Object.fromEntries(truth));
  };
  for (const [index, action] of steps.entries()) {
    const change = action ? changeOf(truth, action, index) : undefined;
    if (!action) read();
    if (!change) continue;
    applyTo(truth, change);
    mergeChange(pending, change);
    expect(pending.size).toBeLessThanOrEqual(truth.size + reader.size);
  }
  read();
}

describe('change queue', () => {
  it('merged changes have the effect of all of them, in no more room than the rows', () => {
    fc.assert(
      fc.property(fc.array(fc.option(step), { maxLength: 40 }), (steps) => readAfter(steps)),
      { numRuns: 1_000 },
    );
  });

  it('a row that moves to the key of one that left, and leaves, is no more there', () => {
    readAfter([
      { do: 'put', key: 'a' },
      null,
      { do: 'leave', key: 'a' },
      { do: 'put', key: 'b' },
      { do: 'move', key: 'b', to: 'a' },
      { do: 'leave', key: 'a' },
    ]);
  });

  it('rows that move one after the other, of which the first leaves', () => {
    readAfter([
      { do: 'put', key: 'a' },
      { do: 'put', key: 'b' },
      null,
      { do: 'move', key: 'a', to: 'c' },
      { do: 'move', key: 'b', to: 'a' },
      { do: 'leave', key: 'c' },
    ]);
  });

  const join: InstanceChange = { kind: 'join', key: 'a', instance: { key: 'a', ts: 1 } };

  it('serves readers in order, those that came first and those that come later', async () => {
    const queue = createChangeQueue(() => undefined);
    const first = queue.iterator.next();
    queue.push([join]);
    queue.push([{ ...join, key: 'b' }]);
    expect(await first).toMatchObject({ value: { key: 'a' } });
    expect(await queue.iterator.next()).toMatchObject({ value: { key: 'b' } });
  });

  it('pending changes can be read after end(), not after return()', async () => {
    const ended: string[] = [];
    const kept = createChangeQueue(() => ended.push('kept'));
    kept.push([join]);
    kept.end();
    expect(await kept.iterator.next()).toMatchObject({ done: false });
    expect(await kept.iterator.next()).toMatchObject({ done: true });
    const left = createChangeQueue(() => ended.push('left'));
    left.push([join]);
    await left.iterator.return?.();
    expect(await left.iterator.next()).toMatchObject({ done: true });
    expect(ended).toEqual(['kept', 'left']);
  });

  it('end() with an error fails once, after the pending changes', async () => {
    const queue = createChangeQueue(() => undefined);
    queue.push([join]);
    queue.end(new Error('refused'));
    expect(await queue.iterator.next()).toMatchObject({ done: false });
    await expect(queue.iterator.next()).rejects.toThrow('refused');
    expect(await queue.iterator.next()).toMatchObject({ done: true });
    const waits = createChangeQueue(() => undefined);
    const next = waits.iterator.next();
    waits.end(new Error('refused'));
    await expect(next).rejects.toThrow('refused');
  });
});
