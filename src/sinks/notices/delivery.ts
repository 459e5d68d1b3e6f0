import type { NoticeMessage } from './notice.ts';

/** A message on its way to one target. */
export interface QueuedMessage {
  /** The same at every attempt; receivers recognize by it what they have had (PN10). */
  readonly id: string;
  readonly message: NoticeMessage;
  readonly queuedAtMs: number;
}

/** Why a target did not take a message; never holds a secret. */
export interface DeliveryFailure {
  readonly problem: string;
  /** False: trying again is of no use. */
  readonly retry: boolean;
  /** How long the target wants to be left alone, milliseconds. */
  readonly waitMs?: number;
}

/** One attempt: `undefined` when the target has it. Never throws. */
export type Send = (queued: QueuedMessage, signal: AbortSignal) => Promise<DeliveryFailure | undefined>;

/** How a target does, for lists and metrics. */
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
