import type { Run } from '../run.ts';
import type { IdleProbe } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

/** Idle time of a Mac: `HIDIdleTime` of the `IOHIDSystem` service, keyboard, pointer and touch together. */
export function macosHid(run: Run): IdleProbe {
  const idleSeconds = async (): Promise<number> => {
    const outcome = await run('/usr/sbin/ioreg', ['-r', '-c', 'IOHIDSystem', '-d', '1']);
    if (!outcome.ok) throw new Error(outcome.error);
    return wholeSeconds(parseHidIdleMs(outcome.value));
  };
  return {
    name: 'macos-hid',
    open: async () => {
      await idleSeconds();
      return { name: 'macos-hid', idleSeconds, close: () => undefined };
    },
  };
}

/** Milliseconds from the line `"HIDIdleTime" = NANOSECONDS` of ioreg; throws when there is none. */
export function parseHidIdleMs(stdout: string): number {
  const nanoseconds = /"HIDIdleTime"\s*=\s*(\d+)/.exec(stdout)?.[1];
  if (nanoseconds === undefined) throw new Error('ioreg shows no HIDIdleTime');
  return Number(nanoseconds) / 1e6;
}
