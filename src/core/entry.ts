import type { Annotations } from './annotations.ts';
import type { Cause } from './cause.ts';
import type { FactName, Facts, PublicFactName } from './facts.ts';

/**
 * The public facts of one instance, as `system-presence`, `hello-ok` and `presence` events carry them.
 *
 * Passes the strict `PresenceEntrySchema`: an unknown fact is absent, never null, empty, negative or a float (PF1).
 */
export interface PresenceEntry extends Pick<Facts, PublicFactName> {
  /** Milliseconds since the epoch of the last update, by the gateway's clock. */
  readonly ts: number;
}

/** Load of a node's machine, as `node.host.stats` reports it. Bytes and counts are whole numbers. */
export interface HostStats {
  readonly cpuCount: number;
  /** 1, 5 and 15 minute averages. */
  readonly loadAverage?: readonly [number, number, number];
  readonly memoryTotalBytes: number;
  readonly memoryFreeBytes: number;
  readonly diskTotalBytes?: number;
  readonly diskAvailableBytes?: number;
}

/** The producers that `sources` of a row names; the handshake is the one that it does not. */
export const namedSources = ['gateway', 'socket', 'beacon', 'node-event', 'activity'] as const;

/** A producer that `sources` of a row names. A row of a newer gateway of a cluster may name others (PC9). */
export type NamedSource = (typeof namedSources)[number];

/** Which producer wrote a fact: shown in the detail view of an instance. `connect` is the handshake. */
export type FactSource = 'connect' | NamedSource;

/**
 * Everything that is known of one instance: the entry and the facts beyond the strict schema (PF3).
 *
 * Immutable: a changed row is a new object, so identity shows whether a row changed. Sent only on our own
 * surfaces (`presence.list`, `presence.delta`, HTTP). All `…Ms` fields are milliseconds since the epoch
 * unless stated otherwise.
 */
export interface InstanceView extends Facts {
  /** Milliseconds since the epoch of the last update, by the gateway's clock. */
  readonly ts: number;
  /** The presence key: trimmed, lower-cased, unique in the roster (PK1). */
  readonly key: string;
  /** Live connections of this instance. */
  readonly connections: number;
  /** When the row first appeared in the roster. */
  readonly firstSeenAtMs: number;
  /** Since when at least one connection is live; absent when none is. */
  readonly connectedAtMs?: number;
  /** When the last connection closed; absent while one is live or when there never was one. */
  readonly disconnectedAtMs?: number;
  /** Round trip of the latest answered keep-alive ping, a duration in whole milliseconds. */
  readonly rttMs?: number;
  /** Address of the latest socket. */
  readonly observedIp?: string;
  /** Address that a beacon claimed. */
  readonly reportedIp?: string;
  readonly hostStats?: HostStats;
  /**
   * Which producer wrote a fact last, where that was not the handshake: a fact without a source here came from it, but
   * for a `text` that the gateway composed. `{}` when there is none; `sourceOf` reads it.
   */
  readonly sources: Readonly<Partial<Record<FactName, NamedSource>>>;
  /** True on the row of the gateway that answers; it is pinned first and its `ts` is always now (PR2). */
  readonly self?: true;
  /** Why the instance arrived, left or came back last (PJ1). */
  readonly cause?: Cause;
  /**
   * Names of the gateways that know this instance, sorted; absent while this gateway is the only one that anybody could
   * mean, so without a cluster and without upstreams.
   */
  readonly gateways?: readonly string[];
  /** Ids of the gateways that hold live connections of this instance; only in a cluster. */
  readonly gatewayIds?: readonly string[];
  /** The operator's annotations; absent when there are none (PO1). */
  readonly annotations?: Annotations;
  /** Since when the gateway that holds this row cannot be reached; only in a cluster. */
  readonly unreachableSinceMs?: number;
}
