import { type TUnsafe, Type } from 'typebox';
import {
  ANNOTATION_BOUNDS,
  type Annotations,
  type Cause,
  causeCodes,
  type FactName,
  type HostStats,
  type InstanceView,
  namedSources,
  type PresenceEntry,
} from '../core/index.ts';
import { factProperties } from './fact-schema.ts';
import { optional, schemaOf, typedSchema } from './schema-check.ts';

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
  /** Position of the journal at this list; `presence.journal` continues there (PJ10). */
  readonly journalCursor?: string;
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
  /** Why they are gone, by key, where that is known (PJ1). */
  readonly causes?: Readonly<Record<string, Cause>>;
}

const closed = { additionalProperties: false } as const;
const word = Type.String({ minLength: 1 });
const whole = Type.Integer({ minimum: 0 });
const words = Type.Array(word);

/** Under the name of a fact, where it is from when that is not the handshake; newer gateways have other producers. */
const sources = Type.Record(Type.String(), word, { description: `for example ${namedSources.join(', ')}` });

const cause = schemaOf<Cause>()(
  Type.Object({ code: Type.Enum(causeCodes), evidence: optional(word) }, closed),
);

const text = (maxLength: number) => optional(Type.String({ minLength: 1, maxLength }));
const mark = optional(Type.Literal(true));

/** The operator's annotations of a machine (PO1). */
export const AnnotationsSchema: TUnsafe<Annotations> = schemaOf<Annotations>()(
  Type.Object(
    {
      name: text(ANNOTATION_BOUNDS.name),
      owner: text(ANNOTATION_BOUNDS.owner),
      labels: optional(
        Type.Array(Type.String({ minLength: 1, maxLength: ANNOTATION_BOUNDS.label }), {
          minItems: 1,
          maxItems: ANNOTATION_BOUNDS.labels,
        }),
      ),
      note: text(ANNOTATION_BOUNDS.note),
      pin: mark,
      mute: mark,
      expected: mark,
    },
    closed,
  ),
);

const load = Type.Number({ minimum: 0 });

/** Load of a node's machine, as our own surfaces show it. */
export const HostStatsSchema: TUnsafe<HostStats> = schemaOf<HostStats>()(
  Type.Object(
    {
      cpuCount: whole,
      loadAverage: optional(Type.Tuple([load, load, load])),
      memoryTotalBytes: whole,
      memoryFreeBytes: whole,
      diskTotalBytes: optional(whole),
      diskAvailableBytes: optional(whole),
    },
    closed,
  ),
);

/** What this gateway sends as an entry; everything that fits also fits the strict schema (PF1). */
export const PresenceEntrySchema: TUnsafe<PresenceEntry> = typedSchema<PresenceEntry>(
  Type.Object({ ...factProperties('public'), ts: whole }, closed),
);

const viewProperties = {
  ts: whole,
  key: word,
  connections: whole,
  firstSeenAtMs: whole,
  connectedAtMs: optional(whole),
  disconnectedAtMs: optional(whole),
  rttMs: optional(whole),
  observedIp: optional(word),
  reportedIp: optional(word),
  hostStats: optional(HostStatsSchema),
  self: optional(Type.Literal(true)),
  cause: optional(cause),
  gateways: optional(words),
  gatewayIds: optional(words),
  annotations: optional(AnnotationsSchema),
  unreachableSinceMs: optional(whole),
};

schemaOf<Omit<InstanceView, FactName | 'sources'>>()(Type.Object(viewProperties));

/** The instance view of our own surfaces (PF3). Open: a cluster passes on facts of newer gateways (PC9). */
export const InstanceViewSchema: TUnsafe<InstanceView> = typedSchema<InstanceView>(
  Type.Object({ ...factProperties('all'), ...viewProperties, sources }),
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
      journalCursor: optional(word),
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
      causes: optional(Type.Record(Type.String(), cause)),
    },
    closed,
  ),
);
