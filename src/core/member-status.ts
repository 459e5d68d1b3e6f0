/**
 * What is known about a member; nothing about one that is not known.
 *
 * - `up`: it vouches for its rows, and publishes itself when one is gone. Of an upstream that holds for rows with a live connection.
 * - `unreachable`: nothing was received since then; its connections may live or not. Its rows expire `ttlMs` later.
 * - `restarting`: it announced that it will be back; nobody can reach it until then.
 * - `left`: it ended then, and its connections with it.
 *
 * `sinceMs` is in milliseconds since the epoch.
 */
export type MemberStatus =
  | { readonly kind: 'up' }
  | { readonly kind: 'unreachable' | 'restarting' | 'left'; readonly sinceMs: number };

/** What a gateway of the cluster can be. */
export type ClusterMemberStatus =
  | { readonly kind: 'up' }
  | { readonly kind: 'unreachable' | 'left'; readonly sinceMs: number };

/** True when two statuses are the same. */
export function isSameStatus(a: MemberStatus | undefined, b: MemberStatus | undefined): boolean {
  return a?.kind === b?.kind && lostAtMs(a) === lostAtMs(b);
}

/** Since when a member does not vouch for its rows any more; `undefined` while it does, and for an unknown one. */
export function lostAtMs(status: MemberStatus | undefined): number | undefined {
  return status === undefined || status.kind === 'up' ? undefined : status.sinceMs;
}

/** True while it cannot be known whether the connections of a member live. */
export function isOutOfReach(status: MemberStatus | undefined): boolean {
  return status?.kind === 'unreachable' || status?.kind === 'restarting';
}

/** A gateway that somebody else runs and whose rows are shown beside our own. */
export interface UpstreamMember {
  /** Durable; not shown. */
  readonly id: string;
  readonly kind: 'upstream';
  /** Its name in `gateways` of rows. */
  readonly name: string;
  /** Most rows that are kept of it. */
  readonly maxRows: number;
}
