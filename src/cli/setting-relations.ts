import { isLoopback } from '../core/index.ts';
import { flagOf, type SettingName, type Settings, variableOf } from './settings.ts';

/** The keep-alive ping that renews a live row (PR7). */
const pingIntervalMs = 25_000;

/**
 * Problems between settings that are each right by themselves, one line each; none when all is well.
 *
 * `whereOf` says where a setting came from (`flag --port`), for people to find it.
 */
export function relationProblems(settings: Settings, whereOf: (name: SettingName) => string): string[] {
  return [
    authProblem(settings, whereOf),
    openProblem(settings, whereOf),
    ttlProblem(settings, whereOf),
  ].filter((problem) => problem !== undefined);
}

function authProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { auth, token, password } = settings;
  if (auth === 'password' && password === undefined) {
    return `auth is password (${whereOf('auth')}) but no password is set: set ${variableOf('password')}`;
  }
  if (auth === 'token' && token === undefined && password !== undefined) {
    return `password (${whereOf('password')}) has no effect while auth is token: add ${flagOf('auth')} password, or remove the password`;
  }
  return undefined;
}

/** PA1: whoever can reach an open gateway can read and write presence. */
function openProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  const { auth, bind } = settings;
  if (auth !== 'none' || bind === 'localhost' || isLoopback(bind)) return undefined;
  return `auth is none (${whereOf('auth')}) but ${bind} (${whereOf('bind')}) can be reached from outside: use ${flagOf('auth')} token, or bind 127.0.0.1`;
}

/** A live row must outlast a lost ping. */
function ttlProblem(settings: Settings, whereOf: (name: SettingName) => string): string | undefined {
  if (settings.ttlMs > 2 * pingIntervalMs) return undefined;
  return `ttlMs is ${settings.ttlMs} (${whereOf('ttlMs')}) but must be more than ${2 * pingIntervalMs}, twice the keep-alive interval, or live clients would vanish`;
}
