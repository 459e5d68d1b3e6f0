import type { Logger } from '../../core/index.ts';
import type { EventEncoders, FanOut, GatewayCounts } from '../../sinks/index.ts';
import type { Caller } from '../access/caller.ts';
import type { RequestLimits } from '../access/request-rate.ts';
import type { ReplyNowOrLater } from '../operations/operation.ts';
import type { OperationRegistry } from '../operations/registry.ts';
import type { PresenceWriter } from '../presence/presence.ts';
import type { DeadlineQueue } from '../time/deadline-queue.ts';
import type { HandshakeRules } from './handshake.ts';
import type { HelloContext } from './hello.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { Session } from './session.ts';

/** What all sessions of a gateway share. */
export interface SessionContext extends HandshakeRules, HelloContext {
  readonly writer: PresenceWriter;
  readonly fanOut: FanOut;
  readonly encoders: EventEncoders;
  readonly keepAlive: KeepAlive<Session>;
  /** Who has not finished the handshake yet, by when it must (PW2). */
  readonly deadlines: DeadlineQueue<Session>;
  /** All sessions whose socket lives. */
  readonly sessions: Set<Session>;
  /** Answers a method that the caller may call. */
  readonly call: (method: string, params: unknown, caller: Caller) => ReplyNowOrLater;
  readonly operations: OperationRegistry;
  readonly counts: GatewayCounts;
  /** A new random id: connection ids and nonces. */
  readonly newId: () => string;
  readonly logger: Logger;
  readonly refusalLog: RefusalLog;
  /** Most bytes that may wait for one reader (PL2). */
  readonly maxBufferedBytes: number;
  /** How many requests a connection may send (PL3). */
  readonly requestLimits: RequestLimits;
}
