import type { Clock, Contribution, DelayTimers, MemberId, Stamp } from '../../core/index.ts';
import type { MemberRecord } from './member-record.ts';
import type { TlsFiles } from './tls-files.ts';

/** What a member publishes in one message. */
export interface Publication {
  readonly contributions: readonly Contribution[];
  /** The publisher; absent in all but the last part of an announcement, which is complete only then. */
  readonly record?: MemberRecord;
  /** Members of the registers that cannot be read, one entry for each. */
  readonly unreadable?: readonly MemberId[];
}

/** Keys that an engine holds of one member, with the stamp of each register where that was read. */
export type Stored = ReadonlyMap<string, Stamp | undefined>;

/** Everything that an engine holds at one moment. */
export interface Snapshot {
  /** Members that announced everything they had, ended ones included for a while. */
  readonly records: readonly MemberRecord[];
  /** The registers of all members. */
  readonly contributions: readonly Contribution[];
  /** Members of the registers that cannot be read, one entry for each. */
  readonly unreadable?: readonly MemberId[];
}

/** A reading of the engine's clock. */
export interface EngineTime {
  /** A moment of this gateway's monotonic clock … */
  readonly monoMs: number;
  /** … and the engine's clock at that moment, milliseconds since the epoch. */
  readonly engineMs: number;
  /** How far off that may be at most: half the round trip. */
  readonly uncertaintyMs: number;
}

/** Receives the events of an engine. */
export interface EngineListener {
  /** The engine can be used (again): all that it holds, which may be less than what this member holds, and its time. */
  snapshot(snapshot: Snapshot, time: EngineTime): void;
  /** A publication of any member, this one included. */
  message(publication: Publication): void;
  /** The engine cannot be used; it reconnects by itself. `reason` is for people. */
  disconnected(reason: string): void;
}

/**
 * Transport of a cluster: stores the registers of all members, delivers publications, and has a clock.
 *
 * Members compare digests and publish again what is missing, so an engine that breaks the guarantees below costs time, never a
 * row (PC11, PC12).
 *
 * - **Delivery**: between two snapshots every publication reaches every member at least once, its own included. When one
 *   may have been missed, the engine calls `disconnected` and comes back with a snapshot; a member never relies on more.
 * - **Order**: publications of one member arrive in the order in which it made them, and after the snapshot that they
 *   are not in. Between members there is no order: registers need none.
 * - **Atomicity**: a register is written whole. A publication may become visible register by register; its record is
 *   the last part, so a record in a snapshot means that all which it covers is there too.
 * - **Storage**: the latest contribution of each register, or nothing once its own member publishes that it is empty (what
 *   another member publishes for it, a takeover, stays until its own member has read it); a later publication replaces an earlier one whatever its stamp, since members resolve conflicts themselves.
 * - **Expiry**: the members decide which members have ended and what is old. The engine deletes what was not written for `retainMs`, so that
 *   nothing stays forever. An engine that lost its data sends an empty snapshot, from which a member may not conclude
 *   that anything is gone; members announce everything after each snapshot.
 */
export interface Engine {
  readonly kind: 'memory' | 'nats' | 'redis';
  /** Connects, and reconnects whenever that fails. Does not throw: `disconnected` has the reason. */
  start(listener: EngineListener): void;
  /** Stores and delivers; rejects when the engine cannot be used, in which case it may or may not have arrived. */
  publish(publication: Publication): Promise<void>;
  /** Reads the clock of the engine; rejects when it cannot be used. */
  time(): Promise<EngineTime>;
  /**
   * What is stored of a member, read after all its earlier publications: it publishes again what is missing (PC12). Of
   * many registers it may read keys only. Rejects when the engine cannot be used.
   */
  stored(memberId: MemberId): Promise<Stored>;
  /** Disconnects; nothing is received afterwards. */
  close(): Promise<void>;
}

/** Where an engine is and how to sign in. */
export interface EngineAddress extends TlsFiles {
  /** `redis://`, `rediss://`, `nats://` or `tls://` (NATS with TLS); credentials may be in it. */
  readonly url: string;
  /** Name of the cluster: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Prefix of the names of keys, channels and buckets; default `rollcall`. */
  readonly keyPrefix?: string | undefined;
  /** Credentials of a NATS user: a `.creds` file, or one with the seed of an nkey. */
  readonly credentialsFile?: string | undefined;
}

/** What an engine depends on. */
export interface EngineContext {
  /** Only its monotonic side is read. */
  readonly clock: Clock;
  readonly delay: DelayTimers;
  /** How long the engine stores what is not written again, milliseconds. */
  readonly retainMs: number;
}

/** Creates an engine for a gateway; nothing is connected before its `start`. */
export type EngineFactory = (context: EngineContext) => Engine;
