/**
 * What is known about a member of the cluster; nothing about one that has not been heard of.
 *
 * - `live`: it vouches for its rows, and says itself when one is gone.
 * - `unreachable`: it has not been heard since then; its connections may live or not.
 * - `gone`: it ended then, and its connections with it.
 *
 * `sinceMs` is in milliseconds since the epoch.
 */
export type Standing =
  | { readonly kind: 'live' }
  | { readonly kind: 'unreachable'; readonly sinceMs: number }
  | { readonly kind: 'gone'; readonly sinceMs: number };

/** Tells two standings apart. */
export function isSameStanding(a: Standing | undefined, b: Standing | undefined): boolean {
  return a?.kind === b?.kind && lostAtMs(a) === lostAtMs(b);
}

/** Since when a member does not vouch for its rows any more; `undefined` while it does, and for an unknown one. */
export function lostAtMs(standing: Standing | undefined): number | undefined {
  return standing === undefined || standing.kind === 'live' ? undefined : standing.sinceMs;
}
