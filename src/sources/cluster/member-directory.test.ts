import { describe, expect, it } from 'vitest';
import { memberRecord } from '../../../test/harness/engine-recorder.ts';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { MemberDirectory } from './member-directory.ts';

function fixture() {
  const clock = new ManualClock();
  const directory = new MemberDirectory({ leaseMs: 6_000, retainMs: 60_000 });
  return {
    clock,
    directory,
    heartbeat: (memberId: string, rest = {}, isStored = false) =>
      directory.receive({ ...memberRecord(memberId, clock.wallMs), ...rest }, clock.now(), isStored),
    changes: () => directory.changes(clock.now()).map(({ memberId, status }) => `${memberId} ${status.kind}`),
  };
}

describe('who is in the cluster', () => {
  it('is up for a lease after each heartbeat', () => {
    const { clock, heartbeat, changes } = fixture();
    heartbeat('a@1');
    expect(changes()).toEqual(['a@1 up']);
    clock.advance(6_000);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual(['a@1 unreachable']);
    heartbeat('a@1');
    expect(changes()).toEqual(['a@1 up']);
  });

  it('counts a heartbeat from when it was sent, and no older one', () => {
    const { clock, heartbeat, changes, directory } = fixture();
    heartbeat('a@1', { saidAtMs: clock.wallMs - 6_001, sequence: 5 }, true);
    expect(changes()).toEqual(['a@1 unreachable']);
    heartbeat('a@1', { saidAtMs: clock.wallMs, sequence: 4 });
    const [{ record } = { record: undefined }] = directory.all();
    expect(record?.saidAtMs).toBe(clock.wallMs - 6_001);
  });

  it('has left when it published that, or when its gateway runs again', () => {
    const { heartbeat, changes } = fixture();
    heartbeat('a@1', { startedAtMs: 1 });
    heartbeat('b@1');
    changes();
    heartbeat('a@2', { startedAtMs: 2 });
    heartbeat('b@1', { state: 'left' });
    expect(changes()).toEqual(['a@1 left', 'b@1 left', 'a@2 up']);
  });

  it('[PC14] is ordered by its sequence number, whatever the clock of the engine does', () => {
    const { clock, heartbeat, changes } = fixture();
    heartbeat('a@1', { sequence: 1 });
    expect(changes()).toEqual(['a@1 up']);
    for (let sequence = 2; sequence < 20; sequence++) {
      clock.advance(2_000);
      heartbeat('a@1', { sequence, saidAtMs: clock.wallMs - 3_600_000 });
      expect(changes()).toEqual([]);
    }
  });

  it('[PC17] is distinguished from a copy: a run that continues after a later one began has not left', () => {
    const { clock, heartbeat, changes, directory } = fixture();
    heartbeat('a@1', { startedAtMs: 1, sequence: 1 });
    heartbeat('a@2', { startedAtMs: 2, sequence: 1 });
    expect(changes()).toEqual(['a@1 left', 'a@2 up']);
    heartbeat('a@1', { startedAtMs: 1, sequence: 2 });
    expect(changes()).toEqual([]);
    heartbeat('a@1', { startedAtMs: 1, sequence: 3 });
    expect(changes()).toEqual(['a@1 up']);
    expect(directory.twins('a')).toHaveLength(2);
    clock.advance(6_001);
    expect(changes()).toEqual(['a@1 left', 'a@2 unreachable']);
  });

  it('[PC13] has left when this gateway is a later run of it', () => {
    const clock = new ManualClock();
    const self = { memberId: 'a@2', startedAtMs: 2 };
    const directory = new MemberDirectory({ leaseMs: 6_000, retainMs: 60_000, self: () => self });
    directory.receive(memberRecord('a@1', clock.wallMs), clock.now(), true);
    expect(directory.changes(clock.now())).toMatchObject([{ memberId: 'a@1', status: { kind: 'left' } }]);
  });

  it('drops members without a heartbeat for long', () => {
    const { clock, heartbeat, changes, directory } = fixture();
    heartbeat('a@1');
    changes();
    clock.advance(60_001);
    changes();
    expect([...directory.all()]).toEqual([]);
  });
});
