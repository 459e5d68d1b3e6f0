import type { Run } from '../run.ts';
import type { IdleProbe } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

const call = [
  '--user',
  '--auto-start=no',
  '--json=short',
  'call',
  'org.gnome.Mutter.IdleMonitor',
  '/org/gnome/Mutter/IdleMonitor/Core',
  'org.gnome.Mutter.IdleMonitor',
  'GetIdletime',
] as const;

/** Idle time of a GNOME session, Wayland or X11, from its compositor on the session bus. */
export function mutterMonitor(run: Run): IdleProbe {
  const idleSeconds = async (): Promise<number> => {
    const outcome = await run('busctl', call);
    if (!outcome.ok) throw new Error(outcome.error);
    return wholeSeconds(parseIdleTimeMs(outcome.value));
  };
  return {
    name: 'mutter',
    open: async () => {
      await idleSeconds();
      return { name: 'mutter', idleSeconds, close: () => undefined };
    },
  };
}

/** Reads `{"type":"t","data":[MILLISECONDS]}`, which is how busctl prints a `t`; throws on anything else. */
export function parseIdleTimeMs(stdout: string): number {
  const idleMs = /^\{"type":"t","data":\[(\d+)\]\}\s*$/.exec(stdout)?.[1];
  if (idleMs === undefined) throw new Error(`GetIdletime answered ${JSON.stringify(stdout.trim())}`);
  return Number(idleMs);
}
