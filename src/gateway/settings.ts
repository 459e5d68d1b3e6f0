import type { NoticesConfig } from '../sinks/index.ts';
import type { UpstreamConfig } from '../sources/upstreams/upstream-config.ts';
import type { IdentityConfig } from './access/identity-config.ts';
import type { NamedTokenOption } from './access/named-token.ts';

/**
 * Everything that can be set about a gateway: the one table.
 *
 * To add a setting, add an entry. Its flag (`--ttl-ms`), variable (`ROLLCALL_TTL_MS`), key of the configuration file, check, JSON
 * Schema, documentation, option of `createGateway` and line of `config.get` follow from it. A setting with `command` belongs
 * to `rollcall gateway` alone, which makes other options of it. A relation between settings goes to setting-relations.ts.
 *
 * Literals only: the types below are derived from them.
 */
export const SETTINGS = {
  port: {
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 18_789,
    help: 'TCP port to listen on; 0 takes a free one',
  },
  bind: {
    type: 'text',
    command: true,
    expected: 'an address or host name of this machine',
    placeholder: 'address',
    pattern: '^\\S+$',
    default: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 is every IPv4 interface, :: every interface',
  },
  auth: {
    type: 'choice',
    command: true,
    words: ['token', 'password', 'none'],
    default: 'token',
    help: 'what clients must present; none is only for loopback addresses',
  },
  token: {
    type: 'text',
    command: true,
    secret: true,
    expected: 'text without blanks',
    placeholder: 'secret',
    pattern: '^\\S+$',
    help: 'token for --auth token; without one a token is generated and kept for the next start',
  },
  tokenFile: {
    type: 'text',
    command: true,
    expected: 'the path of a file that holds the token',
    placeholder: 'file',
    help: 'file with the token, instead of token',
  },
  password: {
    type: 'text',
    command: true,
    secret: true,
    expected: 'text that is not blank',
    placeholder: 'secret',
    help: 'password for --auth password',
  },
  passwordFile: {
    type: 'text',
    command: true,
    expected: 'the path of a file that holds the password',
    placeholder: 'file',
    help: 'file with the password, instead of password',
  },
  tokens: {
    type: 'json',
    of: 'namedTokens',
    secret: true,
    default: [],
    help: 'named tokens beside those of rollcall token, bound to roles and scopes',
  },
  maxEntries: {
    type: 'integer',
    unit: 'rows',
    min: 1,
    max: 10_000_000,
    default: 200,
    help: "most rows in the roster, the gateway's own included; over it the oldest goes first",
    beyond: "the oldest row goes; the gateway's own stays",
  },
  ttlMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1_000,
    max: 2_147_483_647,
    default: 300_000,
    help: 'age at which a row that nobody renews is removed',
    beyond: 'the row is removed',
  },
  hiddenModes: {
    type: 'list',
    expected: 'a list of words, for example cli,probe',
    placeholder: 'modes',
    default: ['cli'],
    help: 'clients of these modes are never listed; an empty list hides nobody',
  },
  transientModes: {
    type: 'list',
    expected: 'a list of words, for example probe,backend',
    placeholder: 'modes',
    default: ['probe', 'backend', 'viewer'],
    help: 'clients of these modes are listed only while they are connected',
  },
  trustedProxies: {
    type: 'list',
    item: 'addressRange',
    expected: 'a list of addresses or CIDR ranges, for example 10.0.0.0/8,::1',
    placeholder: 'cidrs',
    default: [],
    help: 'proxies whose Forwarded and X-Forwarded-For headers count',
  },
  identity: {
    type: 'json',
    of: 'identity',
    help: 'people whom a trusted proxy names, by a header or a JWT, and their scopes (docs/operate/people.md)',
  },
  allowedOrigins: {
    type: 'list',
    item: 'origin',
    expected: 'a list of origins, for example https://ops.example.org',
    placeholder: 'origins',
    default: [],
    help: "web pages that may connect beside the gateway's own; * is any",
  },
  tlsCert: {
    type: 'text',
    command: true,
    expected: 'the path of a PEM file',
    placeholder: 'file',
    help: 'certificate to listen with TLS, its issuers behind it; followed when the file changes',
  },
  tlsKey: {
    type: 'text',
    command: true,
    expected: 'the path of a PEM file',
    placeholder: 'file',
    help: 'private key of the certificate',
  },
  mcp: {
    type: 'boolean',
    default: true,
    help: 'serve /mcp, where language models ask who is here; it needs the package @modelcontextprotocol/sdk',
  },
  authLockoutLoopback: {
    type: 'boolean',
    default: false,
    help: 'failed authentications shut out loopback addresses too',
  },
  restartExpectedMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 0,
    max: 2_147_483_647,
    help: 'how long a restart takes, for the clients',
  },
  maxConnections: {
    type: 'integer',
    unit: 'connections',
    min: 1,
    max: 10_000_000,
    default: 10_000,
    help: 'most connections; beyond it clients get HTTP 503',
    beyond: 'HTTP 503 in place of the upgrade, `Retry-After: 1`',
  },
  maxPreauthSocketsPerAddress: {
    type: 'integer',
    unit: 'connections',
    min: 1,
    max: 10_000_000,
    default: 32,
    help: 'most connections of one address that have not finished the handshake; beyond it HTTP 503',
    beyond: 'HTTP 503 in place of the upgrade; an IPv6 /64 counts as one address',
  },
  handshakeTimeoutMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 15_000,
    help: 'time to finish the handshake',
    beyond: 'close 1000 `""`; a socket that sends no request head is dropped (HTTP 408)',
  },
  maxPayloadBytes: {
    type: 'integer',
    unit: 'bytes',
    min: 1_024,
    max: 1_073_741_824,
    default: 4_194_304,
    help: 'largest message of a client after the handshake',
    beyond: 'close 1009; before the handshake 64 KiB in all are the most',
  },
  maxBufferedBytes: {
    type: 'integer',
    unit: 'bytes',
    min: 1_024,
    max: 1_073_741_824,
    default: 4_194_304,
    help: 'bytes that may wait for a slow reader before it is closed',
    beyond:
      'presence is skipped and the newest state sent later; with more unread at the next message: close 1008 `slow consumer`',
  },
  maxUnreadBytes: {
    type: 'integer',
    unit: 'bytes',
    min: 1_048_576,
    max: 1_099_511_627_776,
    default: 268_435_456,
    help: 'bytes that may wait for all slow readers together before the slowest is dropped',
    beyond: 'the connection of the slowest reader is dropped, with the cause `slow-reader`',
  },
  messageTimeoutMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 100,
    max: 2_147_483_647,
    default: 30_000,
    help: 'time for a client to send a whole message',
    beyond: 'close 1008 `message timeout`',
  },
  maxUnfinishedBytesPerClient: {
    type: 'integer',
    unit: 'bytes',
    min: 65_536,
    max: 1_073_741_824,
    default: 8_388_608,
    help: 'bytes of messages that have not ended, per credential and address; a whole message always fits',
    beyond: 'close 1008 `too many unfinished bytes`',
  },
  maxUnfinishedBytes: {
    type: 'integer',
    unit: 'bytes',
    min: 65_536,
    max: 17_179_869_184,
    default: 33_554_432,
    help: 'bytes of messages that have not ended, in all; a whole message always fits',
    beyond: 'close 1008 `too many unfinished bytes` for the connection whose message began first',
  },
  maxNewInstancesPerMinute: {
    type: 'integer',
    unit: 'rows',
    min: 0,
    max: 10_000_000,
    default: 10_000,
    help: 'new instances that one credential may make in a minute, by connecting and by beacons; 0 is no limit',
    beyond: '`UNAVAILABLE` with `retryAfterMs`; instances that are listed already come in',
  },
  requestsPerSecond: {
    type: 'integer',
    unit: 'requests',
    min: 0,
    max: 10_000_000,
    default: 200,
    help: 'requests per connection and second; 0 is no limit',
    beyond: '`UNAVAILABLE` with `retryAfterMs`, the connection stays; 0 is no limit',
  },
  requestBurst: {
    type: 'integer',
    unit: 'requests',
    min: 1,
    max: 10_000_000,
    default: 1_000,
    help: 'requests that a connection may send at once',
    beyond: 'the same: so many may come at once',
  },
  maxAuthFailures: {
    type: 'integer',
    unit: 'failures',
    min: 0,
    max: 1_000,
    default: 10,
    help: 'failed authentications that shut an address out; 0 is never',
    beyond: '`AUTH_RATE_LIMITED` with `retryAfterMs`, close 1008; 0 is never',
  },
  authFailureWindowMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 60_000,
    help: 'time within which failed authentications are counted',
    beyond: 'older failures do not count',
  },
  authLockoutMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 300_000,
    help: 'how long an address stays shut out',
    beyond: 'the address may try again',
  },
  pingIntervalMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 25_000,
    help: 'time between two keep-alive pings',
    beyond: 'a connection that did not answer the last ping is dropped',
  },
  tickIntervalMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 30_000,
    help: 'time between two tick events',
    beyond: '— (how often `tick` comes)',
  },
  renewalMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 60_000,
    help: 'longest wait of a renewal before viewers see it',
    beyond: '— (how late a renewal is seen)',
  },
  maxCoalesceMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 0,
    max: 2_147_483_647,
    default: 250,
    help: 'longest wait of a busy gateway before it sends changes',
    beyond: '— (how late a busy gateway sends changes)',
  },
  drainMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 0,
    max: 2_147_483_647,
    default: 2_000,
    help: 'longest time that stopping takes',
    beyond: 'sockets that are still open when the gateway stops are dropped',
  },
  journalEntries: {
    type: 'integer',
    unit: 'entries',
    min: 1,
    max: 1_000_000,
    default: 10_000,
    help: 'most entries of the journal; about 200 bytes of memory each',
    beyond: 'the oldest entry goes; answers say since when they are complete',
  },
  journalMs: {
    type: 'integer',
    unit: 'milliseconds',
    min: 60_000,
    max: 31_622_400_000,
    default: 604_800_000,
    help: 'longest age of an entry of the journal',
    beyond: 'the entry goes',
  },
  journalFile: {
    type: 'text',
    expected: 'the path of a file',
    placeholder: 'file',
    help: 'keep the journal across restarts, in FILE.1, FILE.2 …; one gateway per file',
  },
  cluster: {
    type: 'text',
    command: true,
    secret: true,
    expected:
      'redis://HOST:6379, rediss://HOST:6379, redis+sentinel://HOST:26379/MASTER, nats://HOST:4222 or tls://HOST:4222',
    placeholder: 'url',
    pattern: '^(rediss?(\\+sentinel)?|nats|tls)://\\S+$',
    help: 'share one roster with other gateways by this Redis, Valkey or NATS server',
  },
  clusterName: {
    type: 'text',
    command: true,
    expected: 'letters, digits, - and _, at most 64',
    placeholder: 'name',
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    default: 'rollcall',
    help: 'gateways of the same name on the same server share a roster',
  },
  clusterKeyPrefix: {
    type: 'text',
    command: true,
    expected: 'letters, digits, - _ . and :, at most 64 (NATS: no . and :)',
    placeholder: 'prefix',
    pattern: '^[A-Za-z0-9_.:-]{1,64}$',
    default: 'rollcall',
    help: 'what the names of keys, channels and buckets on that server begin with, for example for its access rules',
  },
  clusterCaFile: {
    type: 'text',
    command: true,
    expected: 'the path of a PEM file',
    placeholder: 'file',
    help: 'authorities to trust when the cluster server is reached by TLS',
  },
  clusterCertFile: {
    type: 'text',
    command: true,
    expected: 'the path of a PEM file',
    placeholder: 'file',
    help: 'certificate of this gateway, for a cluster server that asks for one; needs clusterKeyFile',
  },
  clusterKeyFile: {
    type: 'text',
    command: true,
    expected: 'the path of a PEM file',
    placeholder: 'file',
    help: 'private key of clusterCertFile',
  },
  clusterCredentialsFile: {
    type: 'text',
    command: true,
    expected: 'the path of a .creds file, or of one that holds an nkey seed',
    placeholder: 'file',
    help: 'credentials of the user of the NATS server',
  },
  replicateMs: {
    type: 'integer',
    command: true,
    unit: 'milliseconds',
    min: 1,
    max: 2_147_483_647,
    default: 100,
    help: 'a busy gateway publishes its changes to the cluster at most once in this time',
  },
  clusterLeaseMs: {
    type: 'integer',
    command: true,
    unit: 'milliseconds',
    min: 500,
    max: 2_147_483_647,
    default: 6_000,
    help: 'a gateway that the cluster has not heard from for longer is shown as unreachable',
  },
  upstreams: {
    type: 'json',
    of: 'upstreams',
    default: [],
    help: 'gateways of OpenClaw or Rollcall that somebody else runs, whose presence is read and shown beside our own',
  },
  notices: {
    type: 'json',
    of: 'notices',
    secret: true,
    help: 'rules and deliveries: who is notified when an instance or a gateway goes away (docs/notices.md)',
  },
  noticesFile: {
    type: 'text',
    expected: 'the path of a file',
    placeholder: 'file',
    help: 'rules and deliveries in a file of their own, followed when it changes, instead of notices',
  },
  logLevel: {
    type: 'choice',
    command: true,
    words: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    help: 'how much the log on standard error says',
  },
} as const;

/** One entry of the table. */
export type Setting = SettingBase & SettingType;

interface SettingBase {
  /** The value when nothing is set; absent when there is none. */
  readonly default?: unknown;
  /** What it is for: one sentence for the help, without the default. */
  readonly help: string;
  /** True for a value that is never shown, logged or repeated in an error. */
  readonly secret?: true;
  /** Only of the command: no option of `createGateway` has this name. */
  readonly command?: true;
  /** A limit, with what happens beyond it (Markdown, for docs/limits.md). */
  readonly beyond?: string;
}

type SettingType =
  /** A whole number, both bounds included; `unit` is what is counted. */
  | { readonly type: 'integer'; readonly unit?: SettingUnit; readonly min: number; readonly max: number }
  /** Text that is not blank and fits `pattern`; `expected` completes "must be …". */
  | {
      readonly type: 'text';
      readonly expected: string;
      readonly placeholder: string;
      readonly pattern?: string;
    }
  /** One word of several. */
  | { readonly type: 'choice'; readonly words: readonly string[] }
  | { readonly type: 'boolean' }
  /** Words; comma separated in flags and variables. `item` names a check of each (setting-check.ts). */
  | {
      readonly type: 'list';
      readonly expected: string;
      readonly placeholder: string;
      readonly item?: 'addressRange' | 'origin';
    }
  /** An object or a list of objects; JSON in flags and variables. `of` names its schema (setting-json.ts). */
  | { readonly type: 'json'; readonly of: keyof JsonSettings };

/** What the integers of the table count. */
export type SettingUnit =
  | 'milliseconds'
  | 'bytes'
  | 'connections'
  | 'requests'
  | 'failures'
  | 'rows'
  | 'entries';

/** Types of the settings that are objects, by the `of` of their entry. */
export interface JsonSettings {
  readonly identity: IdentityConfig;
  readonly namedTokens: readonly NamedTokenOption[];
  readonly upstreams: readonly UpstreamConfig[];
  readonly notices: NoticesConfig;
}

type Table = typeof SETTINGS;

/** A key of the configuration file. */
export type SettingName = keyof Table;

/** Names of the settings that `createGateway` takes as options. */
export type OptionName = {
  [K in SettingName]: Table[K] extends { readonly command: true } ? never : K;
}[SettingName];

type DefaultedName = {
  [K in SettingName]: Table[K] extends { readonly default: unknown } ? K : never;
}[SettingName];

/** The type of one setting's value. */
export type SettingValue<K extends SettingName> = ValueOf<Table[K]>;

type ValueOf<S> = S extends { readonly type: 'integer' }
  ? number
  : S extends { readonly type: 'text' }
    ? string
    : S extends { readonly type: 'choice'; readonly words: readonly (infer Word)[] }
      ? Word
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'list' }
          ? readonly string[]
          : S extends { readonly type: 'json'; readonly of: infer Of extends keyof JsonSettings }
            ? JsonSettings[Of]
            : never;

/** All settings with a value: what is set, else the default. Those without either are absent. */
export type Settings = { readonly [K in DefaultedName]: SettingValue<K> } & {
  readonly [K in Exclude<SettingName, DefaultedName>]?: SettingValue<K>;
};

/** The settings that are options of `createGateway`; `undefined` and absent both mean the default. */
export type SettingOptions = { readonly [K in OptionName]?: SettingValue<K> | undefined };

/** The names of all settings, in the order of the help. */
export const settingNames: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[];

/** The entry of a setting. */
export function settingOf(name: SettingName): Setting {
  return SETTINGS[name];
}

/** The names of those that `createGateway` takes as options. */
export const optionNames: readonly OptionName[] = settingNames.filter(
  (name): name is OptionName => settingOf(name).command !== true,
);

/** True for a key of the table. */
export function isSettingName(key: string): key is SettingName {
  return Object.hasOwn(SETTINGS, key);
}

/** `ttlMs` as `--ttl-ms`. */
export function flagOf(name: SettingName): string {
  return `--${wordsOf(name).join('-')}`;
}

/** `ttlMs` as `ROLLCALL_TTL_MS`. */
export function variableOf(name: SettingName): string {
  return `ROLLCALL_${wordsOf(name).join('_').toUpperCase()}`;
}

function wordsOf(name: string): string[] {
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}
