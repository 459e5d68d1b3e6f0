import defaultOs, * as os from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Facts of this machine from the operating system, where it has them.
 *
 * Containers, Android and sandboxes have users without an entry, homes and host names that are missing, and system calls
 * that are forbidden: Node throws then. A fact that cannot be had is `undefined`, never an exception.
 */

/** The part of `node:os` that is used; injected by tests. */
export type SystemCalls = Pick<
  typeof os,
  | 'hostname'
  | 'homedir'
  | 'loadavg'
  | 'machine'
  | 'networkInterfaces'
  | 'release'
  | 'type'
  | 'uptime'
  | 'userInfo'
>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Longest host name that is reported, in characters: the longest word of a beacon (PL4). */
const maxHostLength = 256;

/** Name of this computer without control and invisible characters (PF2), cut to 256; `undefined` when it has none. */
export function hostName(system: Pick<SystemCalls, 'hostname'> = os): string | undefined {
  return attempt(
    () =>
      system
        .hostname()
        .replaceAll(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
        .trim()
        .slice(0, maxHostLength) || undefined,
  );
}

/** Some dependencies read the host name as they are loaded, and end the process where the system refuses it: it is empty then. */
export function letHostNameAnswer(system: { hostname(): string } = defaultOs): void {
  if (attempt(() => system.hostname()) === undefined) system.hostname = () => '';
}

/** Architecture of the processor, for example `x86_64`. */
export function machineName(system: Pick<SystemCalls, 'machine'> = os): string | undefined {
  return attempt(() => system.machine().trim() || undefined);
}

/** Name of the kernel, as `uname -s` prints it. */
export function kernelName(system: Pick<SystemCalls, 'type'> = os): string | undefined {
  return attempt(() => system.type().trim() || undefined);
}

/** Seconds since the start of the machine; Android does not let programs read it. */
export function uptimeSeconds(system: Pick<SystemCalls, 'uptime'> = os): number | undefined {
  return attempt(() => system.uptime());
}

/** Load of the last 1, 5 and 15 minutes. */
export function loadAverage(system: Pick<SystemCalls, 'loadavg'> = os): readonly number[] | undefined {
  return attempt(() => system.loadavg());
}

/** Release of the kernel, for example `6.18.4`. */
export function systemRelease(system: Pick<SystemCalls, 'release'> = os): string | undefined {
  return attempt(() => system.release().trim() || undefined);
}

/** Name of the user of this process. */
export function userName(system: Pick<SystemCalls, 'userInfo'> = os): string | undefined {
  return attempt(() => system.userInfo().username || undefined);
}

/** First IPv4 address that is neither loopback nor internal to this machine. */
export function firstIpv4(system: Pick<SystemCalls, 'networkInterfaces'> = os): string | undefined {
  return attempt(() => {
    const addresses = Object.values(system.networkInterfaces()).flatMap((list) => list ?? []);
    return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  });
}

/** All addresses of this computer, loopback among them; none when the system refuses. */
export function ownAddresses(system: Pick<SystemCalls, 'networkInterfaces'> = os): readonly string[] {
  const interfaces = attempt(() => Object.values(system.networkInterfaces())) ?? [];
  return interfaces.flatMap((list) => list ?? []).map(({ address }) => address);
}

/** The home folder; `undefined` when there is none, or one that depends on the working folder. */
export function homeFolder(system: Pick<SystemCalls, 'homedir'> = os): string | undefined {
  return absolute(attempt(() => system.homedir()));
}

/** `$XDG_CONFIG_HOME`, else `~/.config`. A folder that is not absolute is no folder (XDG base directories). */
export function configHome(env: Environment, home: string | undefined): string | undefined {
  return absolute(env['XDG_CONFIG_HOME']) ?? (home === undefined ? undefined : join(home, '.config'));
}

/** `$XDG_STATE_HOME`, else `~/.local/state`. A folder that is not absolute is no folder (XDG base directories). */
export function stateHome(env: Environment, home: string | undefined): string | undefined {
  return absolute(env['XDG_STATE_HOME']) ?? (home === undefined ? undefined : join(home, '.local', 'state'));
}

function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
