import type { Clock } from '../core/clock.ts';
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

/** Checks options and fills in the defaults. Throws a TypeError that names what is wrong. */
export function settle(options: PresenceClientOptions): Settings {
  const role = options.role ?? 'operator';
  return {
    ...options,
    url: socketUrl(options.url),
    role,
    scopes: options.scopes ?? (role === 'operator' ? ['operator.read'] : []),
    beaconIntervalMs: durationMs(options, 'beaconIntervalMs', 60_000),
    listIntervalMs: durationMs(options, 'listIntervalMs', 60_000),
    graceMs: durationMs(options, 'graceMs', 10_000),
    requestTimeoutMs: durationMs(options, 'requestTimeoutMs', 30_000),
    policy: { initialMs: 250, factor: 2, maxMs: 4_000, ...options.backoff },
    createSocket: options.createSocket ?? globalWebSocket(),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    newId: options.newId ?? randomId,
    store: options.store ?? memoryStore(),
  };
}

type DurationName = 'beaconIntervalMs' | 'listIntervalMs' | 'graceMs' | 'requestTimeoutMs';

function durationMs(options: PresenceClientOptions, name: DurationName, byDefault: number): number {
  const value = options[name] ?? byDefault;
  if (!Number.isFinite(value) || value < 0)
    throw new TypeError(`${name} must be milliseconds from 0, not ${value}`);
  return value;
}

function socketUrl(text: string): string {
  if (!URL.canParse(text))
    throw new TypeError(`url must be like ws://host:port, not ${JSON.stringify(text)}`);
  const url = new URL(text);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (/^wss?:$/.test(url.protocol)) return url.href;
  throw new TypeError(`url must begin with ws: or wss:, not ${url.protocol}`);
}
