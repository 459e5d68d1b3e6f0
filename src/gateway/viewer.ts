import type { MessageParts } from './transport.ts';

/** What a viewer is sent when the roster changes: whole lists, or deltas (PE2). */
export type ViewerKind = 'list' | 'delta';

/** A session that reads presence, as the fan-out sees it. */
export interface Viewer {
  readonly kind: ViewerKind;
  /** Roster version that was sent last. */
  sentVersion: number;
  /** A pass was skipped because the reader was behind; it gets the newest state when it has drained (PL2). */
  missedPass: boolean;
  readonly isBehind: boolean;
  /** Sends one event; the session adds its sequence number to the shared beginning. */
  sendEvent(prefix: MessageParts): void;
}
