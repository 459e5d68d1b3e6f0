import { performance } from 'node:perf_hooks';
import type { Clock, Instant, Timers } from '../../core/index.ts';
import { uptimeSeconds } from '../../host/index.ts';

/** What the system clock reads; injected for tests. */
export interface ClockSources {
  /** Milliseconds of a monotonic clock that may stand still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Milliseconds since boot, time asleep included; `undefined` where the platform has no such clock. */
  readonly bootMs: () => number | undefined;
  readonly wallMs: () => number;
}

const systemSources: ClockSources = {
  monotonicMs: () => performance.now(),
  // Linux: CLOCK_BOOTTIME. Elsewhere os.uptime() follows the wall clock, and the monotonic clock of Node
  // (mach_continuous_time, QueryPerformanceCounter) counts sleep by itself.
  bootMs() {
    const seconds = process.platform === 'linux' ? uptimeSeconds() : undefined;
    return seconds === undefined ? undefined : seconds * 1000;
  },
  wallMs: () => Date.now(),
};

/** The boot clock is read at most this often: on Linux a reading is a system call and a parsed file. */
const bootReadingMs = 500;
/** Less than this between the two clocks is their resolution, more is sleep. */
const sleepMs = 1_000;

/**
 * The clock of the machine: monotonic, counting time asleep where the platform gives one (PT4).
 *
 * On Linux the monotonic clock of Node stops while the machine sleeps; the boot clock does not. Twice a second the
 * two are compared, and what the boot clock is ahead is added. A boot clock that cannot be read at the start is not read again.
 * Moments are whole milliseconds: the roster keeps some for each row, and a whole number takes a third of the memory of a fraction.
 */
export function createSystemClock(sources: ClockSources = systemSources): Clock {
  let asleepMs = 0;
  let readMs = sources.monotonicMs();
  const hasBoot = sources.bootMs() !== undefined;
  const bootAheadMs = (monotonicMs: number): number =>
    ((hasBoot ? sources.bootMs() : undefined) ?? monotonicMs) - monotonicMs;
  const aheadAtStartMs = bootAheadMs(readMs);
  return {
    now(): Instant {
      const monotonicMs = sources.monotonicMs();
      if (monotonicMs - readMs >= bootReadingMs) {
        readMs = monotonicMs;
        const missedMs = bootAheadMs(monotonicMs) - aheadAtStartMs - asleepMs;
        if (missedMs >= sleepMs) asleepMs += missedMs;
      }
      return { monoMs: Math.floor(monotonicMs + asleepMs), wallMs: sources.wallMs() };
    },
  };
}

/** Timers of the platform. They keep the process alive no longer than its sockets do. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon(run) {
    setImmediate(run);
  },
};
