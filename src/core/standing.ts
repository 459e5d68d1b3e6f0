/**
 * What is known about a member of the cluster; nothing about one that has not been heard of.
 *
 * - `live`: it vouches for its rows, and says itself when one is gone.
 * - `unreachable`: it has not been heard since then; its connections may live or not.
 * - `restarting`: it said that it will be back; nobody can reach it until then.
 * - `gone`: it ended then, and its connections with it.
 *
 * `sinceMs` is in milliseconds since the epoch.
 */
export type Standing =
  | { readonly kind: 'live' }
  | { readonly kind: 'unreachable'; readonly sinceMs: number }
  | { readonly kind: 'restarting'; readonly sinceMs: number }
  | { readonly kind: 'gone'; readonly sinceMs: number };

/** What a gateway of the cluster can be. */
export type ClusterStanding = Exclude<Standing, { readonly kind: 'restarting' }>;

/** Tells two standings apart. */
export function isSameStanding(a: Standing | undefined, b: Standing | undefined): boolean {
  return a?.kind === b?.kind && lostAtMs(a) === lostAtMs(b);
}

/** Since when a member does not vouch for its rows any more; `undefined` while it does, and for an unknown one. */
export function lostAtMs(standing: Standing | undefined): number | undefined {
  return standing === undefined || standing.kind === 'live' ? undefined : standing.sinceMs;
}

/** True while nobody can say whether the connections of a member live. */
export function isOutOfReach(standing: Standing | undefined): boolean {
  return standing?.kind === 'unreachable' || standing?.kind === 'restarting';
}

/**
 * What is known about a read-only member.
 *
 * - `up`: its live rows are vouched for, however old they are.
 * - `unreachable`, `restarting`: its rows are shown as unreachable since then, and expire `ttlMs` later.
 * - `left`: it ended; its connections are closed.
 */
export type MemberStatus =
  | { readonly kind: 'up' }
  | { readonly kind: 'unreachable' | 'restarting' | 'left'; readonly sinceMs: number };

/** A gateway that somebody else runs and whose rows are shown beside our own. */
export interface UpstreamMember {
  /** Durable; not shown. */
  readonly id: string;
  readonly kind: 'upstream';
  /** What `gateways` of its rows says. */
  readonly name: string;
  /** Most rows that are kept of it. */
  readonly maxRows: number;
}

/** The standing of an upstream. */
export function standingOf(status: MemberStatus): Standing {
  if (status.kind === 'up') return { kind: 'live' };
  return { kind: status.kind === 'left' ? 'gone' : status.kind, sinceMs: status.sinceMs };
}
