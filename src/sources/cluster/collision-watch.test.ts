import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import { memberIdOf, silentLogger } from '../../core/index.ts';
import { ClusterClock } from './cluster-clock.ts';
import { CollisionWatch, type JoinOutcome } from './collision-watch.ts';
import type { MemberRecord } from './member-record.ts';

const leaseMs = 6_000;

/** A gateway that starts while the engine holds a record of another one with its id, written `ageMs` ago. */
function fixture(ageMs: number) {
  const clock = new ManualClock();
  const delay = new ManualTimers(clock);
  const memberId = memberIdOf('a', 'other');
  const record = (sequence: number, saidAtMs = clock.now().wallMs): MemberRecord => ({
    ...{ memberId, host: 'elsewhere', pid: 1, startedAtMs: saidAtMs, saidAtMs, state: 'live', sequence },
    asOf: { ms: saidAtMs, counter: 0, memberId },
  });
  const watch = new CollisionWatch({
    ...{ memberId: memberIdOf('a', 'this'), leaseMs, delay, clock: new ClusterClock(clock) },
    machine: { host: 'here', pid: 2 },
    logger: silentLogger,
  });
  let outcome: JoinOutcome | undefined;
  void watch.outcome(3_000).then((settled) => {
    outcome = settled;
  });
  watch.onSnapshot([record(1, clock.now().wallMs - ageMs)]);
  const pass = async (ms: number): Promise<JoinOutcome['kind'] | undefined> => {
    delay.advance(ms);
    await Promise.resolve();
    return outcome?.kind;
  };
  return { watch, record, pass };
}

describe('a record of the own id in the engine', () => {
  it('[PC17] is that of a live gateway when a heartbeat comes before its lease has run out', async () => {
    const { watch, record, pass } = fixture(1_000);
    expect(await pass(4_900)).toBeUndefined();
    watch.signOfLife(record(2));
    expect(await pass(0)).toBe('taken');
  });

  it('[PC17] is that of an ended one when its lease runs out', async () => {
    const { pass } = fixture(1_000);
    expect(await pass(4_999)).toBeUndefined();
    expect(await pass(1)).toBe('joined');
  });

  it('[PC17] is that of an ended one at once when its lease has run out', async () => {
    expect(await fixture(leaseMs + 1).pass(0)).toBe('joined');
  });

  it('[PC17] [PC5] delays a start no longer than a lease, whatever time it names', async () => {
    const { pass } = fixture(-3_600_000);
    expect(await pass(leaseMs - 1)).toBeUndefined();
    expect(await pass(1)).toBe('joined');
  });
});
