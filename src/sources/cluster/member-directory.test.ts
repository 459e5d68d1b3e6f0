import { describe, expect, it } from 'vitest';
import { memberRecord } from '../../../test/harness/engine-ear.ts';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { MemberDirectory } from './member-directory.ts';

function fixture() {
  const clock = new ManualClock();
  const directory = new MemberDirectory({ leaseMs: 6_000, retainMs: 60_000 });
  return {
    clock,
    directory,
    hear: (memberId: string, rest = {}) =>
      directory.hear({ ...memberRecord(memberId, clock.wallMs), ...rest }, clock.now()),
    changes: () =>
      directory.changes(clock.now()).map(({ memberId, standing }) => `${memberId} ${standing.kind}`),
  };
}

describe('who is in the cluster', () => {
  it('lives for a lease after each sign of life', () => {
    const { clock, hear, changes } = fixture();
    hear('a@1');
    expect(changes()).toEqual(['a@1 live']);
    clock.advance(6_000);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual(['a@1 unreachable']);
    hear('a@1');
    expect(changes()).toEqual(['a@1 live']);
  });

  it('counts a sign of life from when it was given, and no older one', () => {
    const { clock, hear, changes, directory } = fixture();
    hear('a@1', { saidAtMs: clock.wallMs - 6_001 });
    expect(changes()).toEqual(['a@1 unreachable']);
    hear('a@1', { saidAtMs: clock.wallMs - 9_000 });
    const [{ record } = { record: undefined }] = directory.all();
    expect(record?.saidAtMs).toBe(clock.wallMs - 6_001);
  });

  it('is gone when it said goodbye, or when its gateway runs again', () => {
    const { hear, changes } = fixture();
    hear('a@1', { startedAtMs: 1 });
    hear('b@1');
    changes();
    hear('a@2', { startedAtMs: 2 });
    hear('b@1', { state: 'left' });
    expect(changes()).toEqual(['a@1 gone', 'b@1 gone', 'a@2 live']);
  });

  it('forgets who was silent for long', () => {
    const { clock, hear, changes, directory } = fixture();
    hear('a@1');
    changes();
    clock.advance(60_001);
    changes();
    expect([...directory.all()]).toEqual([]);
  });
});
