import { compareFacts, type Statement } from './contribution.ts';
import type { Grant } from './grants.ts';

/** What live connections of one instance were granted, at whichever member: the union (PK5). */
export function unionGrant(connected: readonly Statement[]): Partial<Grant> {
  const inOrder = connected.toSorted(compareFacts);
  return filled((list) => [...new Set(inOrder.flatMap(({ view }) => view[list] ?? []))]);
}

/**
 * What an instance without a live connection shows: the grant of the connection that left last, or what a later beacon claims.
 *
 * @param leftAtMs when the last connection left, if there was one.
 */
export function parkedGrant(heard: readonly Statement[], leftAtMs: number | undefined): Partial<Grant> {
  const isOutlived = ({ view: { disconnectedAtMs = leftAtMs } }: Statement) => disconnectedAtMs !== leftAtMs;
  const inOrder = heard.filter((statement) => !isOutlived(statement)).sort(compareFacts);
  // A connection that left had no more than its row shows; a beacon may claim one list and not the other.
  return filled(
    (list) => inOrder.findLast(({ view }) => hasLeft(view) || view[list] !== undefined)?.view[list],
  );
}

function hasLeft({ disconnectedAtMs }: Statement['view']): boolean {
  return disconnectedAtMs !== undefined;
}

/** A grant without empty lists (PF1). */
function filled(listOf: (list: keyof Grant) => readonly string[] | undefined): Partial<Grant> {
  const [roles = [], scopes = []] = [listOf('roles'), listOf('scopes')];
  return { ...(roles.length > 0 && { roles }), ...(scopes.length > 0 && { scopes }) };
}
