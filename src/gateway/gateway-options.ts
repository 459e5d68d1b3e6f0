import { randomUUID } from 'node:crypto';
import { type Clock, type Logger, type Sink, silentLogger, type Timers } from '../core/index.ts';
import type { AuthOptions } from './access/credentials.ts';
import { secretProblem } from './access/secret-text.ts';
import { type ClusterOptions, checkCluster } from './cluster-options.ts';
import type { CertificateFiles } from './listening/tls-certificate.ts';
import type { Operation } from './operations/operation.ts';
import { settingProblem } from './setting-check.ts';
import { identityNeedsProxies, openOnlyOnLoopback, rowOutlastsPings } from './setting-relations.ts';
import {
  type OptionName,
  optionNames,
  SETTINGS,
  type SettingOptions,
  type Settings,
  settingOf,
} from './settings.ts';
import { createSystemClock, systemTimers } from './time/system-clock.ts';

/**
 * How a gateway listens, which clients it accepts, and its limits.
 *
 * `port`, `ttlMs`, the limits and so on are the settings of the table {@link SETTINGS}, by the same names, with the same
 * ranges and defaults (docs/settings.md). An option that is `undefined` has its default.
 */
export interface GatewayOptions extends SettingOptions {
  /** How clients prove that they may connect (PA1). */
  readonly auth: AuthOptions;
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** File of `rollcall token`, followed while the gateway runs; default none (PA2). */
  readonly tokensFile?: string | undefined;
  /** File of `rollcall upstream add`, followed while the gateway runs; default none (PU9). */
  readonly upstreamsFile?: string | undefined;
  /** File of the operator's annotations of machines, followed while the gateway runs; default in memory alone (PO4). */
  readonly annotationsFile?: string | undefined;
  /** Folder in which open notices and undelivered messages outlive the gateway; default none (PN8). */
  readonly noticesFolder?: string | undefined;
  /** Stable id of this gateway's own row; default a new one at every start (PR1). */
  readonly instanceId?: string | undefined;
  /** Version of the program, as it is sent to clients; default `0.0.0`. */
  readonly version?: string | undefined;
  /** Folder of the built page; default none, and no page is served. */
  readonly pageFolder?: string | undefined;
  /** Certificate and key to listen with TLS, read again when the files change; default plain WebSocket. */
  readonly tls?: CertificateFiles | undefined;
  /** Other gateways that show the same roster; default none. */
  readonly cluster?: ClusterOptions | undefined;
  /** What else receives every change, started in this order before the gateway listens; default none (PB3). */
  readonly sinks?: readonly Sink[] | undefined;
  /** Operations beside those of every gateway; default none. */
  readonly operations?: readonly Operation[] | undefined;
  readonly clock?: Clock | undefined;
  readonly timers?: Timers | undefined;
  readonly newId?: (() => string) | undefined;
  readonly logger?: Logger | undefined;
}

/** The options in force: every default filled in, every setting checked. */
export interface GatewaySettings extends Pick<Settings, OptionName>, Defined<DefaultedOption> {
  readonly auth: AuthOptions;
  readonly tokensFile: string | undefined;
  readonly upstreamsFile: string | undefined;
  readonly annotationsFile: string | undefined;
  readonly noticesFolder: string | undefined;
  readonly pageFolder: string | undefined;
  readonly tls: CertificateFiles | undefined;
  readonly cluster: ClusterOptions | undefined;
}

/** Options that are no settings of the table and have a default. */
type DefaultedOption =
  | 'host'
  | 'instanceId'
  | 'version'
  | 'sinks'
  | 'operations'
  | 'clock'
  | 'timers'
  | 'newId'
  | 'logger';

type Defined<K extends keyof GatewayOptions> = {
  readonly [N in K]-?: Exclude<GatewayOptions[N], undefined>;
};

/**
 * Checks options and fills in defaults.
 *
 * Throws `TypeError` for a setting that is out of range, for `none` on an address that is not loopback (PA1), for a blank
 * name, and for times that contradict each other.
 */
export function gatewaySettings(options: GatewayOptions): GatewaySettings {
  const values = optionValues(options);
  const settings: GatewaySettings = {
    ...values,
    ...otherOptions(options),
    allowedOrigins: values.allowedOrigins.map((origin) => origin.toLowerCase()),
  };
  for (const name of ['host', 'instanceId', 'version'] as const) {
    refuse(settings[name].trim() === '' ? `${name} must not be blank` : undefined);
  }
  refuse(rowOutlastsPings(settings, (name) => name));
  refuse(identityNeedsProxies({ ...settings, auth: settings.auth.mode }, (name) => name));
  refuse(insecureBindProblem(settings.auth.mode, settings.host));
  refuse(authProblem(settings.auth));
  checkCluster(settings);
  return settings;
}

/** Why a gateway without credentials does not listen at an address (PA1); `undefined` when it may. */
export function insecureBindProblem(mode: AuthOptions['mode'], host: string): string | undefined {
  return openOnlyOnLoopback({ auth: mode, bind: host }, (name) => (name === 'auth' ? 'auth.mode' : 'host'));
}

/** PA8: a secret that one of the transports could not carry is refused, rather than accepted on the others only. */
function authProblem(auth: AuthOptions): string | undefined {
  if (auth.mode === 'none') return undefined;
  const problem = secretProblem(auth.mode === 'token' ? auth.token : auth.password);
  return problem === undefined ? undefined : `the ${auth.mode} ${problem}`;
}

/** The settings of the table, from the options or else by default. */
function optionValues(options: GatewayOptions): Pick<Settings, OptionName> {
  const values = optionNames.map((name) => [name, given(options[name], settingOf(name).default)] as const);
  for (const [name, value] of values) if (value !== undefined) refuse(settingProblem(name, value));
  return Object.fromEntries(values) as unknown as Pick<Settings, OptionName>;
}

function otherOptions(options: GatewayOptions): Omit<GatewaySettings, OptionName> {
  return {
    auth: options.auth,
    host: options.host ?? SETTINGS.bind.default,
    tokensFile: options.tokensFile,
    upstreamsFile: options.upstreamsFile,
    annotationsFile: options.annotationsFile,
    noticesFolder: options.noticesFolder,
    instanceId: options.instanceId ?? randomUUID(),
    version: options.version ?? '0.0.0',
    pageFolder: options.pageFolder,
    tls: options.tls,
    cluster: options.cluster,
    sinks: options.sinks ?? [],
    operations: options.operations ?? [],
    clock: options.clock ?? createSystemClock(),
    timers: options.timers ?? systemTimers,
    newId: options.newId ?? randomUUID,
    logger: options.logger ?? silentLogger,
  };
}

/** Only `undefined` means the default: `null` is a mistake, and is named. */
function given(value: unknown, byDefault: unknown): unknown {
  return value === undefined ? byDefault : value;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new TypeError(problem);
}
