import { type TUnsafe, Type } from 'typebox';
import {
  type Cause,
  causeCodes,
  type HostStats,
  type InstanceView,
  type NamedSource,
  type PresenceEntry,
} from '../core/index.ts';
import { schemaOf } from './schema-check.ts';

/** Answer of `presence.list` and of `GET /api/v1/presence` (PE3). */
export interface PresenceListResult {
  /** Random id of this run of the gateway; versions of two epochs do not compare. */
  readonly epoch: string;
  /** Version of the roster that this list shows. */
  readonly version: number;
  /** The gateway's clock, milliseconds since the epoch (PS2). */
  readonly now: number;
  readonly maxEntries: number;
  /** Rows were evicted for want of room and the roster is still full. */
  readonly truncated: boolean;
  /** Self first, then newest first. */
  readonly instances: readonly InstanceView[];
}

/** Payload of `presence.delta` (PE2); how to apply it is in docs/protocol.md. */
export interface PresenceDelta {
  readonly epoch: string;
  /** Version that this delta builds on; 0: it holds everything. */
  readonly from: number;
  /** Version after it. */
  readonly to: number;
  /** The gateway's clock, milliseconds since the epoch (PS2). */
  readonly now: number;
  readonly upsert: readonly InstanceView[];
  /** Keys of rows that are gone. */
  readonly remove: readonly string[];
}

const closed = { additionalProperties: false } as const;
const word = Type.String({ minLength: 1 });
const whole = Type.Integer({ minimum: 0 });
const words = Type.Array(word);

const facts = {
  host: Type.Optional(word),
  ip: Type.Optional(word),
  version: Type.Optional(word),
  platform: Type.Optional(word),
  deviceFamily: Type.Optional(word),
  modelIdentifier: Type.Optional(word),
  timeZone: Type.Optional(word),
  mode: Type.Optional(word),
  lastInputSeconds: Type.Optional(whole),
  reason: Type.Optional(word),
  roles: Type.Optional(words),
  scopes: Type.Optional(words),
  tags: Type.Optional(words),
  text: Type.Optional(word),
  deviceId: Type.Optional(word),
  instanceId: Type.Optional(word),
} as const;

const sourceNames: NamedSource[] = ['gateway', 'socket', 'beacon', 'node-event', 'activity'];
const source = Type.Optional(Type.Unsafe<NamedSource>(Type.Enum(sourceNames)));

/** Under the name of a fact, where it is from when that is not the handshake. */
const sources = Type.Object(
  {
    host: source,
    ip: source,
    version: source,
    platform: source,
    deviceFamily: source,
    modelIdentifier: source,
    timeZone: source,
    mode: source,
    lastInputSeconds: source,
    reason: source,
    roles: source,
    scopes: source,
    tags: source,
    text: source,
    deviceId: source,
    instanceId: source,
  },
  closed,
);

const cause = schemaOf<Cause>()(
  Type.Object({ code: Type.Enum(causeCodes), evidence: Type.Optional(word) }, closed),
);

const load = Type.Number({ minimum: 0 });

/** Load of a node's machine, as our own surfaces show it. */
export const HostStatsSchema: TUnsafe<HostStats> = schemaOf<HostStats>()(
  Type.Object(
    {
      cpuCount: whole,
      loadAverage: Type.Optional(Type.Tuple([load, load, load])),
      memoryTotalBytes: whole,
      memoryFreeBytes: whole,
      diskTotalBytes: Type.Optional(whole),
      diskAvailableBytes: Type.Optional(whole),
    },
    closed,
  ),
);

/** What this gateway sends as an entry; everything that fits also fits the strict schema (PF1). */
export const PresenceEntrySchema: TUnsafe<PresenceEntry> = schemaOf<PresenceEntry>()(
  Type.Object({ ...facts, ts: whole }, closed),
);

/** The instance view of our own surfaces (PF3). */
export const InstanceViewSchema: TUnsafe<InstanceView> = schemaOf<InstanceView>()(
  Type.Object(
    {
      ...facts,
      ts: whole,
      key: word,
      connections: whole,
      firstSeenAtMs: whole,
      connectedAtMs: Type.Optional(whole),
      disconnectedAtMs: Type.Optional(whole),
      rttMs: Type.Optional(whole),
      observedIp: Type.Optional(word),
      reportedIp: Type.Optional(word),
      hostStats: Type.Optional(HostStatsSchema),
      sources,
      self: Type.Optional(Type.Literal(true)),
      cause: Type.Optional(cause),
      gateways: Type.Optional(words),
      gatewayIds: Type.Optional(words),
      unreachableSinceMs: Type.Optional(whole),
    },
    closed,
  ),
);

/** Answer of `presence.list`. */
export const PresenceListResultSchema: TUnsafe<PresenceListResult> = schemaOf<PresenceListResult>()(
  Type.Object(
    {
      epoch: word,
      version: whole,
      now: whole,
      maxEntries: Type.Integer({ minimum: 1 }),
      truncated: Type.Boolean(),
      instances: Type.Array(InstanceViewSchema),
    },
    closed,
  ),
);

/** Payload of `presence.delta`. */
export const PresenceDeltaSchema: TUnsafe<PresenceDelta> = schemaOf<PresenceDelta>()(
  Type.Object(
    {
      epoch: word,
      from: whole,
      to: whole,
      now: whole,
      upsert: Type.Array(InstanceViewSchema),
      remove: words,
    },
    closed,
  ),
);
