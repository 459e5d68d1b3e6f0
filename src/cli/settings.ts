import ipaddr from 'ipaddr.js';
import { isAddress } from '../core/index.ts';
import type { NamedTokenOption } from '../gateway/access/named-token.ts';
import { isOrigin } from '../gateway/access/origin.ts';
import { GATEWAY_LIMITS, type GatewayLimits, limitNames } from '../gateway/gateway-limits.ts';
import { type ClusterSettings, clusterSettings } from './cluster-settings.ts';
import {
  choice,
  duration,
  list,
  namedTokens,
  type SettingKind,
  text,
  wholeNumber,
  yesOrNo,
} from './setting-kind.ts';

/**
 * Everything that can be set about `rollcall gateway`.
 *
 * What is not about the command line itself (`bind`, `auth`, the secrets, the certificate, the cluster, `logLevel`) has the name of an option of the
 * gateway and is handed to it as it is.
 */
export interface Settings extends Required<GatewayLimits>, ClusterSettings {
  readonly port: number;
  readonly bind: string;
  readonly auth: 'token' | 'password' | 'none';
  readonly token?: string;
  readonly tokenFile?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly tokens: readonly NamedTokenOption[];
  readonly maxEntries: number;
  readonly ttlMs: number;
  readonly hiddenModes: readonly string[];
  readonly transientModes: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly authLockoutLoopback: boolean;
  readonly restartExpectedMs?: number;
  readonly logLevel: LogLevel;
}

/** How much the log says, from everything to nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A key of the settings, as it is written in the configuration file. */
export type SettingName = keyof Settings;

/** One setting: flag, environment variable, file key, help and check all derive from this. */
export interface Setting<T> {
  readonly kind: SettingKind<NonNullable<T>>;
  /** Absent when the setting has no value of its own accord. */
  readonly default: T;
  /** One sentence for the help, without the default. */
  readonly help: string;
  /** Never shown, logged or repeated in an error. */
  readonly secret?: true;
}

/** The one table of settings. To add one: a line here and a line in {@link Settings}. */
export const settings: { readonly [K in keyof Settings]-?: Setting<Settings[K]> } = {
  port: {
    kind: wholeNumber({ min: 0, max: 65_535 }),
    default: 18_789,
    help: 'TCP port to listen on; 0 takes a free one',
  },
  bind: {
    kind: text({
      what: 'an address or host name of this machine',
      placeholder: 'address',
      pattern: '^\\S+$',
    }),
    default: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 is every IPv4 interface, :: every interface',
  },
  auth: {
    kind: choice(['token', 'password', 'none']),
    default: 'token',
    help: 'what clients must present; none is only for loopback addresses',
  },
  token: {
    kind: text({ what: 'a text without blanks', placeholder: 'secret', pattern: '^\\S+$' }),
    default: undefined,
    secret: true,
    help: 'token for --auth token; without one a token is generated and kept for the next start',
  },
  tokenFile: {
    kind: text({ what: 'the path of a file that holds the token', placeholder: 'file' }),
    default: undefined,
    help: 'file with the token, instead of token',
  },
  password: {
    kind: text({ what: 'a text that is not blank', placeholder: 'secret' }),
    default: undefined,
    secret: true,
    help: 'password for --auth password',
  },
  passwordFile: {
    kind: text({ what: 'the path of a file that holds the password', placeholder: 'file' }),
    default: undefined,
    help: 'file with the password, instead of password',
  },
  tokens: {
    kind: namedTokens,
    default: [],
    help: 'named tokens beside those of rollcall token, bound to roles and scopes',
  },
  maxEntries: {
    kind: wholeNumber({ min: 1, max: 10_000_000, unit: 'rows' }),
    default: 200,
    help: "most rows in the roster, the gateway's own included; over it the oldest goes first",
  },
  ttlMs: {
    kind: duration({ min: 1_000 }),
    default: 300_000,
    help: 'age at which a row that nobody renews is removed',
  },
  hiddenModes: {
    kind: list({ what: 'a list of words, for example cli,probe', placeholder: 'modes' }),
    default: ['cli'],
    help: 'clients of these modes are never listed; an empty list hides nobody',
  },
  transientModes: {
    kind: list({ what: 'a list of words, for example probe,backend', placeholder: 'modes' }),
    default: ['probe', 'backend'],
    help: 'clients of these modes are listed only while they are connected',
  },
  trustedProxies: {
    kind: list({
      what: 'a list of addresses or CIDR ranges, for example 10.0.0.0/8,::1',
      placeholder: 'cidrs',
      isItem: isAddressRange,
    }),
    default: [],
    help: 'proxies whose Forwarded and X-Forwarded-For headers count',
  },
  allowedOrigins: {
    kind: list({
      what: 'a list of origins, for example https://ops.example.org',
      placeholder: 'origins',
      isItem: isOrigin,
    }),
    default: [],
    help: "web pages that may connect beside the gateway's own; * is any",
  },
  tlsCert: {
    kind: text({ what: 'the path of a PEM file', placeholder: 'file' }),
    default: undefined,
    help: 'certificate to listen with TLS, its issuers behind it; followed when the file changes',
  },
  tlsKey: {
    kind: text({ what: 'the path of a PEM file', placeholder: 'file' }),
    default: undefined,
    help: 'private key of the certificate',
  },
  authLockoutLoopback: {
    kind: yesOrNo,
    default: false,
    help: 'failed authentications shut out loopback addresses too',
  },
  restartExpectedMs: {
    kind: duration({ min: 0 }),
    default: undefined,
    help: 'how long clients are told that a restart takes',
  },
  ...limitSettings(),
  ...clusterSettings(),
  logLevel: {
    kind: choice(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    default: 'info',
    help: 'how much the log on standard error says',
  },
};

/** The names of all settings, in the order of the help. */
export const settingNames: readonly SettingName[] = Object.keys(settings) as SettingName[];

/** `ttlMs` as `--ttl-ms`. */
export function flagOf(name: SettingName): string {
  return `--${words(name).join('-')}`;
}

/** `ttlMs` as `ROLLCALL_TTL_MS`. */
export function variableOf(name: SettingName): string {
  return `ROLLCALL_${words(name).join('_').toUpperCase()}`;
}

function words(name: string): string[] {
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** The bounds of the gateway, from its own table. */
function limitSettings(): { readonly [K in keyof GatewayLimits]-?: Setting<number> } {
  const entries = limitNames.map((name) => {
    const { default: value, help, ...range } = GATEWAY_LIMITS[name];
    return [name, { kind: wholeNumber(range), default: value, help }] as const;
  });
  return Object.fromEntries(entries) as { readonly [K in keyof GatewayLimits]-?: Setting<number> };
}

function isAddressRange(item: string): boolean {
  return isAddress(item.split('/', 1)[0] ?? '') && (!item.includes('/') || ipaddr.isValidCIDR(item));
}
