import { eventFramePrefix, type WireClose } from '../protocol/index.ts';
import type { SessionContext } from './session-context.ts';

/** Tells everybody that the gateway stops, then closes their connections (PW8). */
export function shutDown({ sessions, fanOut }: SessionContext, reason: string, close: WireClose): void {
  fanOut.flush();
  const prefix = [Buffer.from(eventFramePrefix('shutdown', JSON.stringify({ reason })))];
  for (const session of [...sessions]) {
    if (session.isConnected) session.sendEvent(prefix);
    session.close(close);
  }
}
