import type { UpstreamProblem } from './upstream-problem.ts';

/** One gateway as `gateways.list` returns it (PU13). Moments are milliseconds since the epoch by our clock. */
export interface GatewayStatus {
  readonly name: string;
  readonly url?: string;
  readonly kind: 'self' | 'cluster' | 'upstream';
  readonly state: 'up' | 'connecting' | 'unreachable' | 'restarting' | 'refused';
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly lastHeardAtMs?: number;
  readonly version?: string;
  /** Round trip of the latest ping, milliseconds. */
  readonly latencyMs?: number;
  /** Rows that it holds, its own included. */
  readonly rows: number;
  readonly problem?: UpstreamProblem;
}
