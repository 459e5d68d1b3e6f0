import type { Instant } from '../../core/index.ts';
import { eventFramePrefix, wireClose } from '../../protocol/index.ts';
import type { DeadlineQueue } from '../time/deadline-queue.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import type { Session } from './session.ts';

/** Closes connections that did not finish the handshake in time (PW2). */
export function handshakeDeadlines(deadlines: DeadlineQueue<Session>): PeriodicTask {
  return {
    run(now: Instant) {
      for (const session of deadlines.due(now.monoMs)) session.close(wireClose('handshakeTimeout'));
      return deadlines.nextMonoMs();
    },
  };
}

/** Sends `tick {ts}` to everybody once per interval (PW8). */
export function ticks(sessions: ReadonlySet<Session>, intervalMs: number, startMonoMs: number): PeriodicTask {
  let dueMonoMs = startMonoMs + intervalMs;
  return {
    run(now: Instant) {
      if (now.monoMs < dueMonoMs) return dueMonoMs;
      dueMonoMs = now.monoMs + intervalMs;
      const prefix = [Buffer.from(eventFramePrefix('tick', { ts: Math.round(now.wallMs) }))];
      for (const session of sessions) if (session.isConnected) session.sendEvent(prefix);
      return dueMonoMs;
    },
  };
}
