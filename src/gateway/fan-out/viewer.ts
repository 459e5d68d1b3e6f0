import type { MessageParts } from '../transport.ts';
import type { Audience } from './audience.ts';

/** Somebody who is told of every change: a session that may read presence, or an HTTP stream. */
export interface Viewer {
  readonly audience: Audience;
  /** Roster version that was sent last. */
  sentVersion: number;
  /** A pass was skipped because the reader was behind; it gets the newest state when it has drained (PL2). */
  missedPass: boolean;
  readonly isBehind: boolean;
  /** Sends one message of the audience, with what is the viewer's own at the end. */
  sendEvent(message: MessageParts): void;
}
