import type { ClusterMemberStatus } from '../../core/index.ts';
import type { Engine } from './engine.ts';

/** The cluster as its gateway reports it: in `status`, in `/readyz` and in metrics. */
export interface ClusterStatus {
  readonly name: string;
  readonly engine: Engine['kind'];
  /** `up`: in touch with the others; `down`: on its own, because the engine cannot be reached. */
  readonly state: 'up' | 'down';
  /** Since when it is so, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Why it is down, for people. */
  readonly reason?: string;
  /** What was lost in transit and is being repaired; absent while nothing is (PC12). */
  readonly repairing?: Repairing;
  /** All gateways that are kept, this one first. */
  readonly gateways: readonly ClusterGateway[];
}

/** Rows that were lost in transit. */
export interface Repairing {
  /** Rows of this gateway that the engine had lost at the last heartbeat, and that were published again. */
  readonly rowsLost: number;
  /** Rows of other gateways that are missing here. */
  readonly rowsMissing: number;
  /** Gateways of which rows are missing here. */
  readonly gateways: number;
  /** Since when, milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** What is wrong with a gateway. */
export interface GatewayProblem {
  /**
   * - `QUARANTINED`: its stamps are more than a day ahead; its rows stay as they were (PC14).
   * - `BAD_ROWS`: some of its rows cannot be used (PC15).
   * - `SAME_ID`: two processes run with the id of this gateway (PC17).
   */
  readonly code: 'QUARANTINED' | 'BAD_ROWS' | 'SAME_ID';
  /** For people. */
  readonly message: string;
  readonly whatToDo: string;
}

/** One gateway of a cluster. */
export interface ClusterGateway {
  /** The instanceId of its row. */
  readonly id: string;
  /** Name of its machine. */
  readonly host: string;
  readonly state: ClusterGatewayState;
  /** Since when it is unreachable or gone, milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** True for the one that answers. */
  readonly self?: true;
  /** Rows of it that could not be used since this gateway started (PC15). */
  readonly refusedRows?: number;
  readonly problem?: GatewayProblem;
}

/** What a member did, for metrics. */
export interface ClusterCounts {
  /** Publications that were sent. */
  publications: number;
  /** Contributions in them. */
  contributionsSent: number;
  /** Contributions that came in. */
  contributionsReceived: number;
  /** Snapshots, one per connection to the engine. */
  snapshots: number;
  /** Times the engine was lost. */
  losses: number;
  /** Own rows that the engine had lost, or kept in spite of them. */
  repairs: number;
  /** Rows of others that could not be used. */
  refused: number;
}

/** What `status`, `/readyz` and metrics call the status of a gateway of the cluster. */
export type ClusterGatewayState = 'live' | 'unreachable' | 'gone';

/** Names on the wire of the statuses of a member. */
export const clusterGatewayStates: Readonly<Record<ClusterMemberStatus['kind'], ClusterGatewayState>> = {
  up: 'live',
  unreachable: 'unreachable',
  left: 'gone',
};
