import type { Run } from '../run.ts';
import type { IdleProbe } from './idle-source.ts';
import { logindSession } from './logind-session.ts';
import { macosHid } from './macos-hid.ts';
import { mutterMonitor } from './mutter-monitor.ts';
import { loadLastInputApi, windowsLastInput } from './windows-last-input.ts';
import type { X11Environment } from './x11-screen-saver.ts';
import { x11ScreenSaver } from './x11-screen-saver.ts';
import { youngestTty } from './youngest-tty.ts';

/** What the probes of a platform are built from. `uid` is absent on Windows. */
export interface ProbeOptions {
  readonly platform: NodeJS.Platform;
  readonly uid?: number;
  readonly environment: () => Promise<X11Environment>;
  readonly wallMs: () => number;
  readonly run: Run;
}

/** The sources of a platform, best first: those that see every input before those that see a part of it. */
export function platformProbes(options: ProbeOptions): readonly IdleProbe[] {
  switch (options.platform) {
    case 'darwin':
      return [macosHid(options.run)];
    case 'win32':
      return [windowsLastInput(loadLastInputApi)];
    default:
      return unixProbes(options);
  }
}

function unixProbes({ uid, environment, wallMs, run }: ProbeOptions): readonly IdleProbe[] {
  const desktop = [x11ScreenSaver({ environment }), mutterMonitor(run)];
  return uid === undefined
    ? desktop
    : [...desktop, logindSession({ uid, wallMs, run }), youngestTty({ uid, wallMs })];
}
