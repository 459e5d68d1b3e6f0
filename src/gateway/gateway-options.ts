import { randomUUID } from 'node:crypto';
import type { Clock, Timers } from '../core/index.ts';
import { isLoopback, type Logger, type RosterOptions, silentLogger } from '../core/index.ts';
import type { AuthOptions } from './access/credentials.ts';
import { type NamedTokenOption, tokensProblem } from './access/named-token.ts';
import { isOrigin } from './access/origin.ts';
import { type ClusterOptions, checkCluster } from './cluster-options.ts';
import { type GatewayLimits, gatewayLimits } from './gateway-limits.ts';
import type { CertificateFiles } from './listening/tls-certificate.ts';
import { createSystemClock } from './time/system-clock.ts';
import { systemTimers } from './time/timers.ts';

/** How a gateway listens, whom it lets in, and its bounds. Every default is the SPEC's. */
export interface GatewayOptions extends RosterOptions, GatewayLimits {
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Port to listen on; default 18789, 0 for any free one. */
  readonly port?: number;
  /** How clients prove that they may connect (PA1). */
  readonly auth: AuthOptions;
  /** Tokens beside the shared secret, bound to roles and scopes; default none (PA2). */
  readonly tokens?: readonly NamedTokenOption[];
  /** File of `rollcall token`, followed while the gateway runs; default none (PA2). */
  readonly tokensFile?: string | undefined;
  /** Loopback addresses are shut out after failed authentications too; default false (PA7). */
  readonly authLockoutLoopback?: boolean;
  /** How long clients are told that a restart takes, in milliseconds; default not said (PW8). */
  readonly restartExpectedMs?: number | undefined;
  /** Stable id of this gateway's own row; default a new one at every start (PR1). */
  readonly instanceId?: string;
  /** Version of the program, as clients see it; default `0.0.0`. */
  readonly version?: string;
  /** Browser origins that may connect besides the gateway's own; default none (PA6). */
  readonly allowedOrigins?: readonly string[];
  /** Folder of the built page; default none, and no page is served. */
  readonly pageFolder?: string | undefined;
  /** Proxies whose forwarding headers count: addresses and CIDR ranges; default none (PI3). */
  readonly trustedProxies?: readonly string[];
  /** Certificate and key to listen with TLS, looked at again when the files change; default plain WebSocket. */
  readonly tls?: CertificateFiles | undefined;
  /** Other gateways that show the same roster; default none. */
  readonly cluster?: ClusterOptions | undefined;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly newId?: () => string;
  readonly logger?: Logger;
}

/** Options with every default filled in. */
export type GatewaySettings = Required<GatewayOptions>;

/**
 * Checks options and fills in defaults.
 *
 * Throws `TypeError` for a bound that is no whole number in range, for `none` on an address that is not
 * loopback (PA1), for a blank name, and for times that contradict each other.
 */
export function gatewaySettings(options: GatewayOptions): GatewaySettings {
  const settings: GatewaySettings = {
    host: '127.0.0.1',
    port: 18_789,
    instanceId: options.instanceId ?? randomUUID(),
    version: '0.0.0',
    tokens: [],
    tokensFile: undefined,
    authLockoutLoopback: false,
    restartExpectedMs: undefined,
    ttlMs: 300_000,
    maxEntries: 200,
    hiddenModes: ['cli'],
    transientModes: ['probe', 'backend'],
    pageFolder: undefined,
    trustedProxies: [],
    tls: undefined,
    cluster: undefined,
    clock: options.clock ?? createSystemClock(),
    timers: systemTimers,
    newId: randomUUID,
    logger: silentLogger,
    ...options,
    ...gatewayLimits(options),
    allowedOrigins: (options.allowedOrigins ?? []).map((origin) => origin.toLowerCase()),
  };
  checkWords(settings);
  checkBounds(settings);
  checkRelations(settings);
  checkLists(settings);
  checkCluster(settings);
  return settings;
}

function checkWords(settings: GatewaySettings): void {
  for (const name of ['host', 'instanceId', 'version'] as const) {
    require(settings[name].trim() !== '', `${name} must not be blank`);
  }
}

function checkBounds({ ttlMs, maxEntries, port }: GatewaySettings): void {
  require(isWhole(ttlMs, 1), 'ttlMs must be a positive whole number');
  require(isWhole(maxEntries, 1), 'maxEntries must be a positive whole number');
  require(isWhole(port, 0) && port <= 65_535, 'port must be from 0 to 65535');
}

function checkRelations({ ttlMs, pingIntervalMs, renewalMs, auth, host }: GatewaySettings): void {
  require(ttlMs >
    2 *
      pingIntervalMs, 'ttlMs must be more than twice pingIntervalMs, else a live client expires between two pings');
  require(ttlMs >
    renewalMs +
      pingIntervalMs, 'ttlMs must be more than renewalMs + pingIntervalMs, else viewers see live clients as gone');
  require(auth.mode !== 'none' || isLoopback(host) || host === 'localhost', openDoor(host));
}

function checkLists({ allowedOrigins, tokens }: GatewaySettings): void {
  const wrong = allowedOrigins.find((origin) => !isOrigin(origin));
  require(wrong === undefined, `allowedOrigins: "${wrong}" is no origin, such as https://ops.example.org`);
  const problem = tokensProblem(tokens);
  require(problem === undefined, `tokens: ${problem}`);
}

/** Why a gateway without credentials does not listen at an address (PA1). */
export function openDoor(host: string): string {
  return `auth mode none is refused on ${host}: listen on 127.0.0.1, or use a token (PA1)`;
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TypeError(message);
}
