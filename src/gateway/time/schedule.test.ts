import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import { type Instant, type Logger, silentLogger } from '../../core/index.ts';
import { type PeriodicTask, Schedule } from './schedule.ts';

function fixture(...tasks: PeriodicTask[]) {
  const clock = new ManualClock({ monoMs: 0 });
  const timers = new ManualTimers(clock);
  return { clock, timers, schedule: new Schedule({ clock, timers, logger: silentLogger, tasks }) };
}

/** A task that is due at fixed moments and records when it was run. */
function recorder(...moments: number[]) {
  const done: number[] = [];
  return {
    done,
    run({ monoMs }: Instant): number | undefined {
      while (moments[0] !== undefined && moments[0] <= monoMs) {
        moments.shift();
        done.push(monoMs);
      }
      return moments[0];
    },
  };
}

describe('Schedule', () => {
  it('[PT2] runs every task at its moment', () => {
    const first = recorder(250, 4_700);
    const second = recorder(3_000);
    const { timers, schedule } = fixture(first, second);
    schedule.start();
    timers.advance(10_000);
    expect(first.done).toEqual([250, 4_700]);
    expect(second.done).toEqual([3_000]);
  });

  it('[PT2] [PT4] reads the clock once a second, so that a sleep is noticed within a second', () => {
    const task = recorder(60_000);
    const { timers, schedule } = fixture(task);
    schedule.start();
    timers.advance(500);
    timers.sleep(100_000);
    expect(task.done).toEqual([100_500]);
  });

  it('[PT2] a task that becomes due earlier than it returned is run within a second', () => {
    let dueMonoMs: number | undefined;
    const done: number[] = [];
    const { timers, schedule } = fixture({
      run({ monoMs }) {
        if (dueMonoMs !== undefined && dueMonoMs <= monoMs) done.push(monoMs);
        return undefined;
      },
    });
    schedule.start();
    timers.advance(5_100);
    dueMonoMs = 5_200;
    timers.advance(900);
    expect(done).toEqual([6_000]);
  });

  it('waits at least a millisecond, whatever a task returns', () => {
    let looks = 0;
    const { timers, schedule } = fixture({
      run() {
        looks += 1;
        return Number.NEGATIVE_INFINITY;
      },
    });
    schedule.start();
    timers.advance(10);
    expect(looks).toBe(11);
  });

  it('starts once, and after close does nothing any more', () => {
    const task = recorder(500);
    const { timers, schedule } = fixture(task);
    schedule.start();
    schedule.start();
    expect(timers.waiting).toBe(1);
    schedule.close();
    schedule.start();
    timers.advance(2_000);
    expect(task.done).toEqual([]);
    expect(timers.waiting).toBe(0);
  });

  it('[PT2] a task that throws is logged once, run again a second later, and ends no other', () => {
    const clock = new ManualClock({ monoMs: 0 });
    const timers = new ManualTimers(clock);
    const logged: object[] = [];
    const logger: Logger = { ...silentLogger, error: (context) => void logged.push(context) };
    let failures = 3;
    const faulty: PeriodicTask = {
      run() {
        if (failures-- > 0) throw new Error('broken');
        return undefined;
      },
    };
    const other = recorder(500, 2_500, 4_500);
    new Schedule({ clock, timers, logger, tasks: [faulty, other] }).start();
    timers.advance(5_000);
    expect(other.done).toEqual([500, 2_500, 4_500]);
    expect(failures).toBeLessThan(0);
    expect(logged).toEqual([{ err: new Error('broken') }]);
  });
});
