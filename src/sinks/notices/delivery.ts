import type { NoticeMessage } from './notice.ts';

/** A message on its way to one target. */
export interface QueuedMessage {
  /** The same at every attempt; by it receivers recognize repetitions (PN10). */
  readonly id: string;
  readonly message: NoticeMessage;
  readonly queuedAtMs: number;
}

/** Why a target did not accept a message; never holds a secret. */
export interface DeliveryFailure {
  readonly problem: string;
  /** False: trying again is of no use. */
  readonly retry: boolean;
  /** Pause that the target requests, milliseconds. */
  readonly waitMs?: number;
}

/** One attempt: `undefined` when the target has it. Never throws. */
export type Send = (queued: QueuedMessage, signal: AbortSignal) => Promise<DeliveryFailure | undefined>;

/** Status of a target, for lists and metrics. */
export interface DeliveryStatus {
  readonly name: string;
  readonly type: string;
  /** `waiting`: the last attempt failed, and there is another one. */
  readonly state: 'idle' | 'sending' | 'waiting';
  readonly queued: number;
  readonly delivered: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Messages that were given up, or had no room. */
  readonly dropped: number;
  readonly lastProblem?: string;
  readonly lastDeliveredAtMs?: number;
}
