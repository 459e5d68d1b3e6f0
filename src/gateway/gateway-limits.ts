import { LIMITS } from '../protocol/index.ts';

/** The bounds of a gateway that an operator may move (PL). Times in milliseconds, sizes in bytes. */
export interface GatewayLimits {
  /** Most connections; beyond it HTTP 503; default 10 000 (PL5). */
  readonly maxConnections?: number;
  /** Most connections of one address that have not finished the handshake; beyond it HTTP 503; default 32 (PL1). */
  readonly maxPreauthSocketsPerAddress?: number;
  /** Time to finish the handshake; default 15 000 (PW2, PL1). */
  readonly handshakeTimeoutMs?: number;
  /** Largest message of a client after the handshake; default 4 MiB (PL1). */
  readonly maxPayloadBytes?: number;
  /** Most bytes that may wait for one slow reader; default 4 MiB (PL2). */
  readonly maxBufferedBytes?: number;
  /** Requests per connection and second; default 200, 0 is no limit (PL3). */
  readonly requestsPerSecond?: number;
  /** Requests that a connection may send at once; default 1 000 (PL3). */
  readonly requestBurst?: number;
  /** Failed authentications of one address within `authFailureWindowMs` that shut it out; default 10, 0 is never (PA7). */
  readonly maxAuthFailures?: number;
  /** Time within which failures are counted; default 60 000 (PA7). */
  readonly authFailureWindowMs?: number;
  /** How long an address stays shut out; default 300 000 (PA7). */
  readonly authLockoutMs?: number;
  /** Time between two keep-alive pings of a connection; default 25 000 (PR7). */
  readonly pingIntervalMs?: number;
  /** Time between two `tick` events; default 30 000 (PW8). */
  readonly tickIntervalMs?: number;
  /** Longest wait of a renewal before viewers see it; default 60 000 (PE4). */
  readonly renewalMs?: number;
  /** Longest wait of a busy gateway before it sends changes; default 250 (PE1). */
  readonly maxCoalesceMs?: number;
  /** Longest time that stopping takes; default 2 000 (PW8). */
  readonly drainMs?: number;
}

/** One bound: what it may be and what it is for. The command line and docs/limits.md derive from this. */
export interface Limit {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What is counted. */
  readonly unit: 'milliseconds' | 'bytes' | 'connections' | 'requests' | 'failures';
  /** One sentence for the help, without the default. */
  readonly help: string;
}

/** Longest time that a timer of Node takes. */
const maxMs = 2_147_483_647;

/** The one table of bounds. */
export const GATEWAY_LIMITS: Readonly<Record<keyof GatewayLimits, Limit>> = {
  maxConnections: {
    ...count('connections', LIMITS.maxConnections, 1),
    help: 'most connections; beyond it clients get HTTP 503',
  },
  maxPreauthSocketsPerAddress: {
    ...count('connections', LIMITS.maxPreauthSocketsPerAddress, 1),
    help: 'most connections of one address that have not finished the handshake; beyond it HTTP 503',
  },
  handshakeTimeoutMs: { ...time(LIMITS.handshakeTimeoutMs, 1), help: 'time to finish the handshake' },
  maxPayloadBytes: {
    ...bytes(LIMITS.maxPayloadBytes),
    help: 'largest message of a client after the handshake',
  },
  maxBufferedBytes: {
    ...bytes(LIMITS.maxBufferedBytes),
    help: 'bytes that may wait for a slow reader before it is closed',
  },
  requestsPerSecond: {
    ...count('requests', LIMITS.requestsPerSecond, 0),
    help: 'requests per connection and second; 0 is no limit',
  },
  requestBurst: {
    ...count('requests', LIMITS.requestBurst, 1),
    help: 'requests that a connection may send at once',
  },
  maxAuthFailures: {
    ...count('failures', LIMITS.maxAuthFailures, 0, 1_000),
    help: 'failed authentications that shut an address out; 0 is never',
  },
  authFailureWindowMs: {
    ...time(LIMITS.authFailureWindowMs, 1),
    help: 'time within which failed authentications are counted',
  },
  authLockoutMs: { ...time(LIMITS.authLockoutMs, 1), help: 'how long an address stays shut out' },
  pingIntervalMs: { ...time(LIMITS.pingIntervalMs, 1), help: 'time between two keep-alive pings' },
  tickIntervalMs: { ...time(LIMITS.tickIntervalMs, 1), help: 'time between two tick events' },
  renewalMs: { ...time(60_000, 1), help: 'longest wait of a renewal before viewers see it' },
  maxCoalesceMs: { ...time(250, 0), help: 'longest wait of a busy gateway before it sends changes' },
  drainMs: { ...time(2_000, 0), help: 'longest time that stopping takes' },
};

/** The names of all bounds, in the order of the help. */
export const limitNames: readonly (keyof GatewayLimits)[] = Object.keys(
  GATEWAY_LIMITS,
) as (keyof GatewayLimits)[];

/** The bounds in force: what the options say, else the defaults. Throws `TypeError` for one that is out of range. */
export function gatewayLimits(options: GatewayLimits): Required<GatewayLimits> {
  const entries = limitNames.map((name) => [name, options[name] ?? GATEWAY_LIMITS[name].default] as const);
  for (const [name, value] of entries) checkLimit(name, value);
  return Object.fromEntries(entries) as unknown as Required<GatewayLimits>;
}

function checkLimit(name: keyof GatewayLimits, value: number): void {
  const { min, max, unit } = GATEWAY_LIMITS[name];
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new TypeError(`${name} must be a whole number of ${unit} from ${min} to ${max}, but is ${value}`);
}

function time(defaultMs: number, min: number): Omit<Limit, 'help'> {
  return { unit: 'milliseconds', default: defaultMs, min, max: maxMs };
}

function bytes(defaultBytes: number): Omit<Limit, 'help'> {
  return { unit: 'bytes', default: defaultBytes, min: 1_024, max: 1_073_741_824 };
}

function count(unit: Limit['unit'], value: number, min: number, max = 10_000_000): Omit<Limit, 'help'> {
  return { unit, default: value, min, max };
}
