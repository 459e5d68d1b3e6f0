import { isLoopback } from '../core/index.ts';
import { flagOf, type SettingName, type Settings, variableOf } from './settings.ts';

/**
 * Problems between settings that are each right by themselves, one line each; none when all is well.
 *
 * `whereOf` says where a setting came from (`flag --port`), for people to find it.
 */
export function relationProblems(settings: Settings, whereOf: (name: SettingName) => string): string[] {
  return [
    ...fileProblems(settings, whereOf),
    authProblem(settings, whereOf),
    pairProblem(settings, ['tlsCert', 'tlsKey'], whereOf),
    pairProblem(settings, ['clusterCertFile', 'clusterKeyFile'], whereOf),
    openProblem(settings, whereOf),
    ttlProblem(settings, whereOf),
    leaseProblem(settings, whereOf),
  ].filter((problem) => problem !== undefined);
}

/** A secret comes from one place. */
function fileProblems(settings: Settings, whereOf: (name: SettingName) => string): string[] {
  return (['token', 'password'] as const)
    .filter((name) => settings[name] !== undefined && settings[`${name}File`] !== undefined)
    .map((name) => {
      const file = `${name}File` as const;
      return `${name} (${whereOf(name)}) and ${file} (${whereOf(file)}) are both set: remove one of them`;
    });
}

function givenName(settings: Settings, name: 'token' | 'password'): SettingName | undefined {
  return ([name, `${name}File`] as const).find((given) => settings[given] !== undefined);
}

/** A certificate and its key go together. */
function pairProblem(
  settings: Settings,
  pair: readonly [SettingName, SettingName],
  whereOf: (name: SettingName) => string,
): string | undefined {
  const given = pair.find((name) => settings[name] !== undefined);
  const missing = pair.find((name) => settings[name] === undefined);
  if (given === undefined || missing === undefined) return undefined;
  return `${given} (${whereOf(given)}) needs ${missing}: add ${flagOf(missing)}`;
}

function authProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { auth } = settings;
  const password = givenName(settings, 'password');
  if (auth === 'password' && password === undefined) {
    return `auth is password (${whereOf('auth')}) but no password is set: set ${variableOf('password')}`;
  }
  if (auth === 'token' && givenName(settings, 'token') === undefined && password !== undefined) {
    return `${password} (${whereOf(password)}) has no effect while auth is token: add ${flagOf('auth')} password, or remove the password`;
  }
  return undefined;
}

/** PA1: whoever can reach an open gateway can read and write presence. */
function openProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { auth, bind } = settings;
  if (auth !== 'none' || bind === 'localhost' || isLoopback(bind)) return undefined;
  return `auth is none (${whereOf('auth')}) but ${bind} (${whereOf('bind')}) can be reached from outside: use ${flagOf('auth')} token, or bind 127.0.0.1`;
}

/** A live row must outlast a lost ping (PR7), and its renewal must reach the viewers in time (PE4). */
function ttlProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { ttlMs, pingIntervalMs, renewalMs } = settings;
  const least = Math.max(2 * pingIntervalMs, renewalMs + pingIntervalMs);
  if (ttlMs > least) return undefined;
  const [name, part] =
    least === 2 * pingIntervalMs
      ? ['pingIntervalMs', 'twice pingIntervalMs']
      : ['renewalMs', 'renewalMs plus pingIntervalMs'];
  return `ttlMs is ${ttlMs} (${whereOf('ttlMs')}) but must be more than ${least}, ${part}, or live clients would vanish: raise ttlMs, or lower ${name}`;
}

/** A gateway gives several signs of life in a lease, and its rows outlast it. */
function leaseProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { cluster, clusterLeaseMs, replicateMs, ttlMs } = settings;
  if (cluster === undefined || (clusterLeaseMs >= 5 * replicateMs && clusterLeaseMs < ttlMs))
    return undefined;
  return `clusterLeaseMs is ${clusterLeaseMs} (${whereOf('clusterLeaseMs')}) but must be at least five times replicateMs (${replicateMs}) and less than ttlMs (${ttlMs})`;
}
