import type { Engine } from './engine.ts';

/** What a gateway says about its cluster: in `status`, in `/readyz` and in metrics. */
export interface ClusterStatus {
  readonly name: string;
  readonly engine: Engine['kind'];
  /** `up`: in touch with the others; `down`: on its own, because the engine cannot be reached. */
  readonly state: 'up' | 'down';
  /** Since when it is so, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Why it is down, for people. */
  readonly reason?: string;
  /** All gateways that are remembered, this one first. */
  readonly gateways: readonly ClusterGateway[];
}

/** One gateway of a cluster. */
export interface ClusterGateway {
  /** The instanceId of its row. */
  readonly id: string;
  /** Name of its machine. */
  readonly host: string;
  readonly state: 'live' | 'unreachable' | 'gone';
  /** Since when it is unreachable or gone, milliseconds since the epoch. */
  readonly sinceMs?: number;
  /** True for the one that answers. */
  readonly self?: true;
}

/** What a member did, for metrics. */
export interface ClusterCounts {
  /** Publications that were sent. */
  publications: number;
  /** Contributions in them. */
  contributionsSent: number;
  /** Contributions that came in. */
  contributionsReceived: number;
  /** Pictures, one per connection to the engine. */
  pictures: number;
  /** Times the engine was lost. */
  losses: number;
}
