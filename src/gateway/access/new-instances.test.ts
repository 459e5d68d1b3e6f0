import { describe, expect, it } from 'vitest';
import type { Change, InstanceView } from '../../core/index.ts';
import { NewInstances } from './new-instances.ts';

const view: InstanceView = { key: 'a', ts: 0, connections: 1, firstSeenAtMs: 0, sources: {} };
const made: Change = { kind: 'upsert', key: 'a', view, trigger: 'connect', version: 1 };
const changed: Change = { ...made, previous: view };

function bound(maxNewInstancesPerMinute: number) {
  const clock = { monoMs: 0 };
  const newInstances = new NewInstances({ maxNewInstancesPerMinute, nowMonoMs: () => clock.monoMs });
  return { clock, newInstances };
}

describe('[PT3] new instances of a credential', () => {
  it('are bounded in a minute; what is listed already comes in', () => {
    const { clock, newInstances } = bound(2);
    for (const changes of [[made], [changed], [made]]) newInstances.count('a', { changes });
    clock.monoMs = 20_000;
    expect(newInstances.refusal('a', () => true)).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      retryAfterMs: 40_000,
      details: { code: 'NEW_INSTANCES_LIMITED' },
    });
    expect(newInstances.refusal('a', () => false)).toBeUndefined();
    expect(newInstances.refusal('b', () => true)).toBeUndefined();
    clock.monoMs = 60_000;
    expect(newInstances.refusal('a', () => true)).toBeUndefined();
  });

  it('changes of rows, refused updates and removals do not count', () => {
    const { newInstances } = bound(1);
    newInstances.count('a', {
      changes: [changed, { kind: 'remove', key: 'a', trigger: 'evicted', version: 2 }],
    });
    newInstances.count('a', { refusal: { refused: 'self-row', message: 'no' } });
    expect(newInstances.refusal('a', () => true)).toBeUndefined();
  });

  it('0 is no limit, and whether a row is new is checked only at the limit', () => {
    const { newInstances } = bound(0);
    for (let at = 0; at < 10; at++) newInstances.count('a', { changes: [made] });
    expect(newInstances.refusal('a', () => true)).toBeUndefined();
    const limited = bound(10).newInstances;
    limited.count('a', { changes: [made] });
    expect(
      limited.refusal('a', () => {
        throw new Error('asked');
      }),
    ).toBeUndefined();
  });

  it('keeps a bounded number of credentials', () => {
    const { clock, newInstances } = bound(1);
    for (let at = 0; at < 2_000; at++) newInstances.count(`c${at}`, { changes: [made] });
    clock.monoMs = 60_000;
    newInstances.count('new', { changes: [made] });
    expect(newInstances.size).toBe(1);
  });
});
