import type { Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { compareStamps } from './hybrid-clock.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a merge needs to know besides the statements. */
export interface MergeContext {
  /** The gateway that merges. */
  readonly gatewayId: string;
  /** Since when a gateway cannot be reached, milliseconds since the epoch; `undefined` while it can. */
  readonly unreachableSinceMs: (gatewayId: string) => number | undefined;
}

/**
 * One row of what several gateways say about the same instance.
 *
 * Facts of the better statement replace those of the worse, field by field (PK5). A statement is better when its
 * gateway can be reached, then when it does not say `disconnect` while somebody else holds a connection (PR8), then
 * when it is later. Depends on the set of statements only, not on their order.
 */
export function mergedView(statements: readonly Statement[], context: MergeContext): InstanceView {
  const reachable = statements.filter((statement) => isReachable(statement, context));
  const relevant = reachable.length > 0 ? reachable : statements;
  const connected = relevant.filter(({ view }) => view.connections > 0);
  const ranked = [...statements].sort(
    (a, b) => rank(a, context, connected) - rank(b, context, connected) || compareStamps(a.stamp, b.stamp),
  );
  const view = overlay(ranked, context.gatewayId);
  setPresence(view, relevant, connected);
  const sinceMs = reachable.length > 0 ? undefined : unreachableSince(statements, context);
  if (sinceMs !== undefined) view.unreachableSinceMs = sinceMs;
  return view;
}

function isReachable({ gatewayId }: Statement, context: MergeContext): boolean {
  return context.unreachableSinceMs(gatewayId) === undefined;
}

function rank(statement: Statement, context: MergeContext, connected: readonly Statement[]): number {
  if (!isReachable(statement, context)) return 0;
  return connected.length > 0 && statement.view.disconnectedAtMs !== undefined ? 1 : 2;
}

/** Lays the better statements over the worse. */
function overlay(ranked: readonly Statement[], gatewayId: string): Mutable<InstanceView> {
  const [worst] = ranked;
  if (worst === undefined) throw new TypeError('a row needs at least one statement');
  let merged: InstanceView = worst.view;
  for (const { view } of ranked.slice(1)) {
    merged = { ...merged, ...view, sources: { ...merged.sources, ...view.sources } };
  }
  // The rest is not said by one gateway, but follows from all.
  const { self: _, roles: __, scopes: ___, connectedAtMs: ____, disconnectedAtMs: _____, ...facts } = merged;
  const isSelf = ranked.some(
    (statement) => statement.gatewayId === gatewayId && statement.view.self === true,
  );
  return isSelf ? { ...facts, self: true } : facts;
}

function setPresence(
  view: Mutable<InstanceView>,
  relevant: readonly Statement[],
  connected: readonly Statement[],
): void {
  const speakers = connected.length > 0 ? connected : relevant;
  view.ts = Math.max(...relevant.filter((statement) => countsForAge(statement, connected)).map(tsOf));
  view.firstSeenAtMs = Math.min(...relevant.map((statement) => statement.view.firstSeenAtMs));
  view.connections = connected.reduce((sum, statement) => sum + statement.view.connections, 0);
  setUnion(view, 'roles', speakers);
  setUnion(view, 'scopes', speakers);
  const gatewayIds = connected.map(({ gatewayId }) => gatewayId).sort();
  if (gatewayIds.length > 0) view.gatewayIds = gatewayIds;
  const connectedAtMs = least(connected.map((statement) => statement.view.connectedAtMs));
  if (connectedAtMs !== undefined) view.connectedAtMs = connectedAtMs;
  const leftAtMs = connected.length > 0 ? undefined : newest(relevant).view.disconnectedAtMs;
  if (leftAtMs !== undefined) view.disconnectedAtMs = leftAtMs;
}

/** A goodbye to one gateway is no sign of life for another. */
function countsForAge({ view }: Statement, connected: readonly Statement[]): boolean {
  return connected.length === 0 || view.disconnectedAtMs === undefined;
}

function tsOf({ view }: Statement): number {
  return view.ts;
}

function newest(statements: readonly Statement[]): Statement {
  return statements.reduce((best, other) => (compareStamps(other.stamp, best.stamp) > 0 ? other : best));
}

function setUnion(
  view: Mutable<InstanceView>,
  list: 'roles' | 'scopes',
  statements: readonly Statement[],
): void {
  const inOrder = [...statements].sort((a, b) => compareStamps(a.stamp, b.stamp));
  const all = [...new Set(inOrder.flatMap((statement) => statement.view[list] ?? []))];
  if (all.length > 0) view[list] = all;
}

function unreachableSince(statements: readonly Statement[], context: MergeContext): number | undefined {
  return least(statements.map(({ gatewayId }) => context.unreachableSinceMs(gatewayId)));
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
