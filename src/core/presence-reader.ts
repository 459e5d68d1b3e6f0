import type { Change } from './change.ts';
import type { InstanceView } from './entry.ts';
import type { Instant } from './ports.ts';

/** Receives visible changes, in order. The array and the views in it are immutable. */
export type ChangeListener = (changes: readonly Change[]) => void;

/** The roster for those who read it: no method of it changes anything. */
export interface PresenceReader {
  /** Random id of this run of the gateway; versions of two epochs do not compare. */
  readonly epoch: string;
  /** +1 with every visible change. */
  readonly version: number;
  /** Listed rows, the gateway's own included. */
  readonly size: number;
  /** Most rows that fit. */
  readonly maxEntries: number;
  /** Rows that were dropped for want of room so far. */
  readonly evictions: number;
  now(): Instant;
  /** One listed row, by its presence key (PK1). */
  get(key: string): InstanceView | undefined;
  /** All listed rows: self first, then newest first (PW6). */
  list(): Iterable<InstanceView>;
  /**
   * Calls the listener with every later change, after the roster has it, without a gap.
   *
   * What a listener throws is logged and counted, and neither stops other listeners nor reaches whoever made the change.
   *
   * @returns ends the subscription; harmless when called again.
   */
  subscribe(listener: ChangeListener): () => void;
}

/**
 * Something that receives the state of the roster and every change of it: viewers, journal, notices, metrics.
 *
 * A gateway starts its sinks before it listens and closes them after its last connection has left.
 */
export interface Sink {
  /** Names the sink in logs and metrics. */
  readonly name: string;
  /** The state now, and every change after it, in order and without a gap. A rejection ends the start of the gateway. */
  start(presence: PresenceReader): void | Promise<void>;
  /** Delivers what it holds, within `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}
