import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import { silentLogger } from '../../core/index.ts';
import { Schedule } from '../time/schedule.ts';
import { KeepAlive, type KeptAlive } from './keep-alive.ts';

interface TestSession extends KeptAlive<TestSession> {}

function fixture() {
  const clock = new ManualClock({ monoMs: 0 });
  const timers = new ManualTimers(clock);
  const log: string[] = [];
  const keepAlive = new KeepAlive<TestSession>({ intervalMs: 25_000, nowMonoMs: () => clock.monoMs });
  new Schedule({ clock, timers, logger: silentLogger, tasks: [keepAlive] }).start();
  const session = (name: string): TestSession => ({
    pingedMonoMs: undefined,
    pingDue: undefined,
    ping: () => log.push(`${clock.monoMs} ping ${name}`),
    lost: () => log.push(`${clock.monoMs} lost ${name}`),
  });
  return { timers, log, keepAlive, session };
}

describe('KeepAlive', () => {
  it('[PR7] pings every 25 s as long as it is answered, and measures the round trip', () => {
    const { timers, log, keepAlive, session } = fixture();
    const watched = session('a');
    keepAlive.add(watched);
    timers.advance(25_000);
    timers.advance(40);
    expect(keepAlive.answered(watched)).toBe(40);
    timers.advance(25_000);
    expect(log).toEqual(['25000 ping a', '50000 ping a']);
  });

  it('[PR7] gives up who did not answer the last ping', () => {
    const { timers, log, keepAlive, session } = fixture();
    keepAlive.add(session('a'));
    timers.advance(50_000);
    expect(log).toEqual(['25000 ping a', '50000 lost a']);
  });

  it('[PR7] an answer that nobody asked for is none', () => {
    const { timers, keepAlive, session } = fixture();
    const watched = session('a');
    keepAlive.add(watched);
    expect(keepAlive.answered(watched)).toBeUndefined();
    timers.advance(25_000);
    expect(keepAlive.answered(watched)).toBe(0);
    expect(keepAlive.answered(watched)).toBeUndefined();
  });

  it('[PR7] pings as they came, not all at once, and forgets who left', () => {
    const { timers, log, keepAlive, session } = fixture();
    keepAlive.add(session('a'));
    timers.advance(10_000);
    const left = session('b');
    keepAlive.add(left);
    keepAlive.add(session('c'));
    keepAlive.remove(left);
    timers.advance(30_000);
    expect(log).toEqual(['25000 ping a', '35000 ping c']);
  });

  it('[PR7] a session that goes while others are pinged is not pinged', () => {
    const { timers, log, keepAlive, session } = fixture();
    const second = session('b');
    keepAlive.add({ ...session('a'), ping: () => keepAlive.remove(second) });
    keepAlive.add(second);
    timers.advance(25_000);
    expect(log).toEqual([]);
  });
});
