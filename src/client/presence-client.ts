import type { BeaconFields, BeaconResult } from './beacon.ts';
import type { ClientState } from './client-state.ts';
import type { Instance, InstanceChange } from './instance.ts';
import type { RosterSnapshot } from './roster-snapshot.ts';

/** A program's presence at a gateway, and its live view of everybody else's. */
export interface PresenceClient {
  /** Connects, and keeps connected until `stop()`. Does nothing when already started; retries after a refusal. */
  start(): void;
  /** Disconnects. The last roster stays readable, no longer live; iterators of `changes()` end. */
  stop(): void;
  /** Where the connection stands; the same object until the next transition. */
  readonly state: ClientState;
  /** The roster; the same object until the next change. Its rows survive a lost connection, marked not live. */
  readonly roster: RosterSnapshot;
  /** One row by its key, in any letter case. */
  get(key: string): Instance | undefined;
  /** Calls `listener` after every change of `state` or `roster`. Answers the function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * The changes from now on. A reader that is slower than the gateway gets the changes of one row merged into one, so
   * memory stays bounded by the roster. Ends with `stop()`.
   */
  changes(): AsyncIterableIterator<InstanceChange>;
  /** Reports facts about this instance. Never rejects: a refusal is a value. */
  beacon(fields?: BeaconFields): Promise<BeaconResult>;
  /**
   * Calls any method of the gateway.
   *
   * Rejects with `GatewayRequestError` (`code`, `details`, `retryable`, `retryAfterMs`) on a refusal, with another Error
   * when there is no connection or no answer in time.
   */
  request<T = unknown>(method: string, params?: unknown): Promise<T>;
  /** The gateway's clock now, in milliseconds since the epoch (PS2); the local clock before the first contact. */
  serverNowMs(): number;
}
