import type { Timers } from '../../core/index.ts';
import { eventFramePrefix, type WireClose } from '../../protocol/index.ts';
import { gatewayStopping } from './leave-cause.ts';
import type { SessionContext } from './session.ts';

/** How a gateway says goodbye. */
export interface DrainOptions {
  readonly reason: string;
  /** How long the restart will take, as far as anybody knows; milliseconds. */
  readonly restartExpectedMs: number | undefined;
  /** Longest time over which the closes are spread, milliseconds. */
  readonly spreadMs: number;
  readonly close: WireClose;
  readonly timers: Timers;
}

/** Connections that are closed together. */
const batchSize = 100;

/**
 * Tells everybody that the gateway stops, then closes their connections (PW8).
 *
 * The closes are spread, so that thousands of clients do not come back in the same instant: at most {@link batchSize} at once
 * and about one per millisecond, faster when `spreadMs` is shorter than that. Up to a batch are closed in this turn.
 */
export async function drain({ sessions, fanOut }: SessionContext, options: DrainOptions): Promise<void> {
  const { reason, restartExpectedMs, timers, close } = options;
  fanOut.flush();
  const goodbye = { reason, ...(restartExpectedMs === undefined ? {} : { restartExpectedMs }) };
  const prefix = [Buffer.from(eventFramePrefix('shutdown', goodbye))];
  const cause = gatewayStopping(reason);
  const waiting = [...sessions];
  for (const session of waiting) if (session.isConnected) session.sendEvent(prefix);
  const batches = Math.ceil(waiting.length / batchSize);
  const pauseMs = Math.min(batchSize, options.spreadMs / Math.max(1, batches));
  while (true) {
    for (const session of waiting.splice(0, batchSize)) session.close(close, cause);
    if (waiting.length === 0) return;
    await new Promise<void>((resolve) => void timers.after(pauseMs, resolve));
  }
}
