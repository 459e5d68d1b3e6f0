/**
 * Who may set a fact: the handshake (`connect`), a beacon (`system-event`), `node.presence.alive`, an activity report of a
 * node or an operator, or a `Node:` line in the text of a beacon.
 */
export type FieldProducer = 'connect' | 'beacon' | 'alive' | 'activity' | 'text';

/** One fact that an instance can report: everything that schemas, flags, viewers, search and export derive from. */
export interface Field {
  /** `strings` is a list, each string once; `integer` is whole and from 0. */
  readonly type: 'string' | 'strings' | 'integer';
  /** What it means, for people; lower case, without a full stop. The unit stands here and in the name. */
  readonly description: string;
  readonly from: readonly FieldProducer[];
  /** Name of the parameter in `connect` and `node.presence.alive`, where it is not the name of the fact. */
  readonly sentAs?: 'displayName';
  /** Word before the value in a `Node:` line; facts without one are read by position. */
  readonly textLabel?: string;
  /** A form of its own: an address (PI1), hex in lower case, a line of `maxTextLength`. */
  readonly format?: 'address' | 'hex' | 'line';
  /** True when it is in the strict `PresenceEntrySchema`; others are of the instance view alone (PF1, PF3). */
  readonly public?: true;
  /** Default true: bare words of a query search it, and `name:value` finds it. */
  readonly searchable?: false;
  /** Another name of it in queries, as people write it: `tag`, `model`. */
  readonly alias?: string;
  /** Default `part`: a value of a query is part of the fact; `whole`: it is the fact, or its beginning before `*`. */
  readonly queriedBy?: 'whole';
  /** Default true: a column of the CSV export and a line of the debug summary. */
  readonly exported?: false;
  /** Where viewers show it. */
  readonly section: 'identity' | 'machine' | 'connection' | 'activity';
  /** Characters count, as in ids and addresses: viewers use a fixed-width font. */
  readonly fixedWidth?: true;
  /** Flag of `rollcall beacon`, where it is not the name in kebab case. */
  readonly flag?: string;
  /** What stands for the value in the help of the flag; `value` when left out. */
  readonly placeholder?: string;
}

/** Bounds of all facts (PL4). Characters (UTF-16 units) and counts. */
export const FIELD_BOUNDS = {
  maxLength: 256,
  /** Of a field with the format `line`. */
  maxLineLength: 1024,
  maxItems: 32,
  /** Twelve digits, as in the text line. */
  maxInteger: 999_999_999_999,
} as const;

/**
 * All facts, in the order in which they are listed (PF). A new fact is one line here, and its label in each language of the
 * page; schemas, flags, columns, search and what crosses a cluster follow.
 */
export const FIELDS = {
  /** Name for people. */
  host: {
    type: 'string',
    description: 'name for people',
    from: ['connect', 'beacon', 'alive', 'text'],
    sentAs: 'displayName',
    public: true,
    section: 'identity',
    placeholder: 'name',
  },
  /** `gateway ui webchat cli backend node probe test` or any other word. */
  mode: {
    type: 'string',
    description: 'ui, webchat, cli, backend, node, probe, test or any other word',
    from: ['connect', 'beacon', 'text'],
    textLabel: 'mode',
    public: true,
    queriedBy: 'whole',
    section: 'identity',
    placeholder: 'word',
  },
  /** Numeric address without zone id; never loopback or unspecified (PI1). */
  ip: {
    type: 'string',
    description: 'IPv4 or IPv6 address; loopback is ignored',
    from: ['beacon', 'text'],
    format: 'address',
    public: true,
    section: 'connection',
    fixedWidth: true,
    placeholder: 'address',
  },
  version: {
    type: 'string',
    description: 'version of the program described',
    from: ['connect', 'beacon', 'alive', 'text'],
    textLabel: 'app',
    public: true,
    section: 'identity',
    flag: 'app-version',
    placeholder: 'version',
  },
  /** Operating system and release, for example `linux 6.18.4` or `macOS 15.1`. */
  platform: {
    type: 'string',
    description: 'operating system and release',
    from: ['connect', 'beacon', 'alive'],
    public: true,
    section: 'machine',
    placeholder: 'os',
  },
  deviceFamily: {
    type: 'string',
    description: 'for example Mac, iPhone, Linux',
    from: ['connect', 'beacon', 'alive'],
    public: true,
    alias: 'family',
    section: 'machine',
    placeholder: 'name',
  },
  modelIdentifier: {
    type: 'string',
    description: 'for example Mac16,6',
    from: ['connect', 'beacon', 'alive'],
    public: true,
    alias: 'model',
    section: 'machine',
    placeholder: 'name',
  },
  /** IANA name, for example `Europe/Paris`. */
  timeZone: {
    type: 'string',
    description: 'IANA name, for example Europe/Paris',
    from: ['connect', 'beacon', 'alive'],
    public: true,
    alias: 'time-zone',
    section: 'machine',
    placeholder: 'name',
  },
  /** Whole seconds since the person last touched the machine, true at the moment of the report (PF4). */
  lastInputSeconds: {
    type: 'integer',
    description: 'whole seconds since the last input of the person',
    from: ['beacon', 'activity', 'text'],
    public: true,
    searchable: false,
    section: 'activity',
    placeholder: 'seconds',
  },
  /** Who or what wrote the row last: `connect`, `node-connected`, `disconnect`, `periodic` … */
  reason: {
    type: 'string',
    description: 'why now: launch, periodic or any other word',
    from: ['beacon', 'text'],
    textLabel: 'reason',
    public: true,
    queriedBy: 'whole',
    section: 'activity',
    placeholder: 'word',
  },
  roles: {
    type: 'strings',
    description: 'roles of the instance',
    from: ['beacon'],
    public: true,
    alias: 'role',
    queriedBy: 'whole',
    section: 'identity',
  },
  scopes: {
    type: 'strings',
    description: 'scopes of the instance',
    from: ['beacon'],
    public: true,
    alias: 'scope',
    queriedBy: 'whole',
    section: 'identity',
  },
  tags: {
    type: 'strings',
    description: 'free tags',
    from: ['beacon'],
    public: true,
    alias: 'tag',
    queriedBy: 'whole',
    section: 'identity',
  },
  /** One-line summary. */
  text: {
    type: 'string',
    description: 'one-line summary; composed when left out',
    from: ['beacon'],
    format: 'line',
    public: true,
    section: 'identity',
    placeholder: 'line',
  },
  /** Stable across restarts of the client. */
  instanceId: {
    type: 'string',
    description: 'which row: stable across restarts of the program',
    from: ['connect', 'beacon'],
    public: true,
    alias: 'instance',
    section: 'identity',
    fixedWidth: true,
    placeholder: 'id',
  },
  /** Lower-case hex SHA-256 of the device's public key. In a handshake it is the one that signed (PA3). */
  deviceId: {
    type: 'string',
    description: 'which device: SHA-256 of its public key, in hex',
    from: ['beacon'],
    format: 'hex',
    public: true,
    alias: 'device',
    section: 'identity',
    fixedWidth: true,
    placeholder: 'id',
  },
} as const;
