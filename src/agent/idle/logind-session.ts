import type { Run } from '../run.ts';
import type { IdleProbe, IdleSource, MissingSource } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

const properties = ['Class', 'Type', 'State', 'IdleHint', 'IdleSinceHint'];
const graphicalTypes = new Set(['x11', 'wayland', 'mir']);

/** The properties of one session of the user, from logind. */
export interface LogindSession {
  readonly graphical: boolean;
  readonly idle: boolean;
  /** Milliseconds since the epoch, wall clock: for a terminal the last input, else the last change of `idle`. */
  readonly sinceMs?: number;
}

/** Options of `logindSession`: the numeric user id, the wall clock in milliseconds, and how programs are run. */
export interface LogindOptions {
  readonly uid: number;
  readonly wallMs: () => number;
  readonly run: Run;
}

/**
 * Idle time by the hints that desktops and terminals give to logind.
 *
 * While a desktop reports "not idle" the exact time is unknown and the result is undefined.
 */
export function logindSession(options: LogindOptions): IdleProbe {
  const idleSeconds = async (): Promise<number | undefined> => {
    const sessions = await readSessions(options);
    if ('missing' in sessions) throw new Error(sessions.missing);
    return idleSecondsOf(sessions, options.wallMs());
  };
  return { name: 'logind', open: () => openLogind(options, idleSeconds) };
}

async function openLogind(
  options: LogindOptions,
  idleSeconds: IdleSource['idleSeconds'],
): Promise<IdleSource | MissingSource> {
  const sessions = await readSessions(options);
  if ('missing' in sessions) return sessions;
  if (sessions.every((session) => session.sinceMs === undefined)) {
    return { missing: 'no session of this user has ever reported idleness to logind' };
  }
  return { name: 'logind', idleSeconds, close: () => undefined };
}

async function readSessions(options: LogindOptions): Promise<readonly LogindSession[] | MissingSource> {
  const { run, uid } = options;
  const user = await run('loginctl', ['show-user', String(uid), '--property=Sessions', '--value']);
  if (!user.ok) return { missing: user.error };
  const ids = user.value.split(/\s+/).filter((id) => id !== '');
  if (ids.length === 0) return { missing: 'this user has no login session' };
  const shown = await run('loginctl', [
    'show-session',
    ...ids,
    ...properties.map((name) => `--property=${name}`),
  ]);
  if (!shown.ok) return { missing: shown.error };
  const sessions = parseSessions(shown.value);
  return sessions.length > 0 ? sessions : { missing: 'this user has no login session with a person' };
}

/** Parses `loginctl show-session` blocks; sessions that are closing or belong to no person are left out. */
export function parseSessions(stdout: string): readonly LogindSession[] {
  return stdout
    .split(/\n\s*\n/)
    .map(parseBlock)
    .filter((block) => block.get('Class') === 'user' && block.get('State') !== 'closing')
    .map(parseSession);
}

function parseBlock(block: string): ReadonlyMap<string, string> {
  const lines = block.split('\n').filter((line) => line.includes('='));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

function parseSession(block: ReadonlyMap<string, string>): LogindSession {
  const sinceMicros = Number(block.get('IdleSinceHint') ?? 0);
  return {
    graphical: graphicalTypes.has(block.get('Type') ?? ''),
    idle: block.get('IdleHint') === 'yes',
    ...(sinceMicros > 0 ? { sinceMs: Math.floor(sinceMicros / 1000) } : {}),
  };
}

/**
 * Whole seconds since the youngest input of all sessions, or undefined when a desktop is in use.
 *
 * For a terminal `IdleSinceHint` is the time of its last input; for a desktop it is when the hint last changed, so
 * it counts only while the hint is "idle" (systemd, `session_get_idle_hint`).
 */
export function idleSecondsOf(sessions: readonly LogindSession[], wallMs: number): number | undefined {
  if (sessions.some((session) => session.graphical && !session.idle)) return undefined;
  const moments = sessions.flatMap((session) => session.sinceMs ?? []);
  return moments.length > 0 ? wholeSeconds(wallMs - Math.max(...moments)) : undefined;
}
