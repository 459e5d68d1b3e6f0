import type { StateVersion } from '../../src/protocol/index.ts';

/** An event as it came over the wire. */
export interface EventFrame {
  readonly type: 'event';
  readonly event: string;
  readonly payload: unknown;
  readonly seq?: number;
  readonly stateVersion?: StateVersion;
}

/** An answer that is a refusal. */
export interface RefusedFrame {
  readonly type: 'res';
  readonly id: string;
  readonly ok: false;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly retryable?: boolean;
    readonly retryAfterMs?: number;
  };
}

/** A frame that a gateway sent. It was checked before, so its shape is certain. */
export type Frame =
  | EventFrame
  | { readonly type: 'res'; readonly id: string; readonly ok: true; readonly payload: unknown }
  | RefusedFrame;
