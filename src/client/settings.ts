import type { Clock } from '../core/ports.ts';
import type { BackoffPolicy } from './backoff.ts';
import { randomId } from './instance-id.ts';
import type { PresenceClientOptions } from './options.ts';
import { type CreateSocket, globalWebSocket } from './socket.ts';
import { memoryStore } from './store.ts';
import { systemClock } from './system-clock.ts';

/** The options with their defaults, checked. */
export interface Settings extends PresenceClientOptions {
  readonly role: string;
  readonly scopes: readonly string[];
  readonly beaconIntervalMs: number;
  readonly listIntervalMs: number;
  readonly graceMs: number;
  readonly requestTimeoutMs: number;
  readonly policy: BackoffPolicy;
  readonly createSocket: CreateSocket;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly store: NonNullable<PresenceClientOptions['store']>;
}

/** Default of each duration. */
const durations = {
  beaconIntervalMs: 60_000,
  listIntervalMs: 60_000,
  graceMs: 10_000,
  requestTimeoutMs: 30_000,
};

/** Checks options and fills in the defaults. Throws a TypeError that names what is wrong. */
export function settle(options: PresenceClientOptions): Settings {
  const given = withoutUndefined(options);
  const { role = 'operator' } = given;
  const settings: Settings = {
    role,
    scopes: role === 'operator' ? ['operator.read'] : [],
    clock: systemClock,
    random: Math.random,
    newId: randomId,
    store: memoryStore(),
    ...durations,
    ...given,
    url: socketUrl(given.url),
    policy: { initialMs: 250, factor: 2, maxMs: 2_000, ...given.backoff },
    createSocket: given.createSocket ?? globalWebSocket(),
  };
  for (const name of Object.keys(durations) as (keyof typeof durations)[]) {
    const value = settings[name];
    if (!(value >= 0 && value < Infinity)) {
      throw new TypeError(`${name} must be milliseconds from 0, not ${value}`);
    }
  }
  return settings;
}

/** An option that is undefined counts as absent. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function socketUrl(text: string): string {
  const url = String(text).replace(/^http/, 'ws');
  if (/^wss?:/.test(url) && URL.canParse(url)) return url;
  throw new TypeError(`url must be like ws://host:port, not ${text}`);
}
