import type { EventFrame } from '@openclaw/gateway-client/browser';
import type { Explanation } from './refusals.ts';

/** What is to be remembered of one socket, and forgotten with it. */
export interface SocketNotes {
  /** The hello was taken; events before that wait in `early`. */
  isUp: boolean;
  readonly early: EventFrame[];
  /** An event with a number has come. */
  isCounting: boolean;
  upMonoMs?: number;
  /** Why the handshake failed. */
  explanation?: Explanation;
  /** What the gateway said before it stopped. */
  shutdownReason?: string;
}

/** Notes of a socket that was just opened. */
export function newSocketNotes(): SocketNotes {
  return { isUp: false, early: [], isCounting: false };
}
