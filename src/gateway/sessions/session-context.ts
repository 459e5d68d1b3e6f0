import type { Logger } from '../../core/index.ts';
import type { ClusterMember } from '../../sources/cluster/index.ts';
import type { Caller } from '../access/caller.ts';
import type { RequestLimits } from '../access/request-rate.ts';
import type { GatewayCounts } from '../counts.ts';
import type { EventAudiences } from '../fan-out/event-audiences.ts';
import type { FanOut } from '../fan-out/fan-out.ts';
import type { Reply } from '../methods/method-context.ts';
import type { DeadlineQueue } from '../time/deadline-queue.ts';
import type { HandshakeRules } from './handshake.ts';
import type { HelloContext } from './hello.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { Session } from './session.ts';

/** What all sessions of a gateway share. */
export interface SessionContext extends HandshakeRules, HelloContext {
  readonly fanOut: FanOut;
  readonly audiences: EventAudiences;
  readonly keepAlive: KeepAlive<Session>;
  /** Who has not finished the handshake yet, by when it must (PW2). */
  readonly deadlines: DeadlineQueue<Session>;
  /** All sessions whose socket lives. */
  readonly sessions: Set<Session>;
  /** Answers a method that the caller may call. */
  readonly call: (method: string, params: unknown, caller: Caller) => Reply;
  /** This gateway's part in a cluster; `undefined` when there is none. */
  readonly cluster: ClusterMember | undefined;
  readonly counts: GatewayCounts;
  /** A new random id: connection ids and nonces. */
  readonly newId: () => string;
  readonly logger: Logger;
  /** Most bytes that may wait for one reader (PL2). */
  readonly maxBufferedBytes: number;
  /** How many requests a connection may send (PL3). */
  readonly requestLimits: RequestLimits;
}
