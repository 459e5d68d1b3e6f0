import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { Logger, PresenceReader } from '../../core/index.ts';
import type { EventStreams, UnreadBytes } from '../../sinks/index.ts';
import type { ClusterStatus } from '../../sources/cluster/index.ts';
import type { GatewayStatus } from '../../sources/upstreams/index.ts';
import type { Caller } from '../access/caller.ts';
import type { Authenticate } from '../access/credentials.ts';
import type { PersonOf } from '../access/identity.ts';
import type { OperationContext } from '../operations/operation.ts';
import type { OperationRegistry } from '../operations/registry.ts';
import type { Peer } from '../transport.ts';
import type { UnfinishedBodies } from './request-body.ts';

/** What the HTTP surface depends on. */
export interface HttpContext {
  readonly presence: PresenceReader;
  /** What a caller reads from: everything, or what its token is limited to (PU14). */
  readonly readingOf: (caller: Caller) => {
    readonly presence: PresenceReader;
    readonly streams: EventStreams;
  };
  readonly authenticate: Authenticate;
  readonly isOriginAllowed: (peer: Peer) => boolean;
  /** Address, origin and host of a request, after trusted proxies (PI3). */
  readonly peerOf: (request: IncomingMessage) => Peer;
  /** The person that a trusted proxy names (PA9). */
  readonly personOf: PersonOf;
  /** Counts a request of a caller: 0 when it may go on, else how many milliseconds until one may (PL3). */
  readonly takeRequest: (caller: string) => number;
  /** Bounds what all readers leave unread (PL8). */
  readonly unread: UnreadBytes;
  /** Bounds bodies that have begun and not ended (PL6). */
  readonly unfinished: UnfinishedBodies;
  readonly operations: OperationRegistry;
  /** What operations work with that a caller asks for: everything, or what its token is limited to (PU14). */
  readonly operationContextOf: (caller: Caller) => OperationContext;
  /** The gateway is going down (PW8). */
  readonly isDraining: () => boolean;
  /** The cluster and its gateways; `undefined` when there is none. */
  readonly clusterStatus: () => ClusterStatus | undefined;
  readonly upstreams: () => readonly GatewayStatus[];
  /** Text in the Prometheus exposition format. */
  readonly metrics: () => string;
  /** Version of the program. */
  readonly version: string;
  /** Serves `/mcp` (PM2). */
  readonly hasMcp: boolean;
  /** Folder of the built page; `undefined` serves none. */
  readonly pageFolder: string | undefined;
  readonly logger: Logger;
}

/** Types of the context that Hono passes to our routes. */
export interface HttpEnv {
  // These names are Hono's.
  Bindings: HttpBindings;
  Variables: { caller: Caller };
}
