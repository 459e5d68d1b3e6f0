import type { Run } from '../run.ts';
import type { X11Environment } from './x11-screen-saver.ts';

const names = ['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_SESSION_TYPE', 'XAUTHORITY'] as const;

/** What a session environment is read with. */
export interface SessionEnvironmentOptions {
  /** The environment of this process. What the desktop session adds is put into it, for the X client and its cookie. */
  readonly env: Record<string, string | undefined>;
  readonly run: Run;
}

/**
 * The variables of the person's desktop session.
 *
 * A user service starts before the desktop does, and an ssh login does not have them; desktops pass theirs to the systemd user manager.
 * Variables that this process was given itself are never replaced.
 */
export function sessionEnvironment({ env, run }: SessionEnvironmentOptions): () => Promise<X11Environment> {
  const isGiven = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  const open = names.filter((name) => !env[name]);
  return async () => {
    if (isGiven) return env;
    const shown = await run('systemctl', ['--user', 'show-environment']);
    const session = shown.ok ? parseVariables(shown.value) : new Map<string, string>();
    for (const name of open) {
      const value = session.get(name);
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
    return env;
  };
}

/** Lines `NAME=value`; a value that systemd had to quote (`$'…'`) is of no display and is left out. */
export function parseVariables(stdout: string): ReadonlyMap<string, string> {
  const pairs = stdout.split('\n').flatMap((line) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(?!\$')(.+)$/.exec(line) ?? [];
    return name !== undefined && value !== undefined ? [[name, value] as const] : [];
  });
  return new Map(pairs);
}
