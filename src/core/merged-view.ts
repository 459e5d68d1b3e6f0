import { type Cause, gatewayEnded } from './cause.ts';
import { compareFacts, type Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { sourceOf, withoutSources } from './fact-source.ts';
import type { Grant } from './grants.ts';
import { compareStamps } from './hybrid-clock.ts';
import { gatewayIdOf, isGatewayRun, type MemberId } from './member-id.ts';
import { isOutOfReach, lostAtMs, type MemberStatus } from './member-status.ts';
import { completeText } from './node-text.ts';

const grantFacts = { roles: true, scopes: true };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known about a member. */
export type StatusOf = (memberId: MemberId) => MemberStatus | undefined;

/** The name of a member's gateway for people. */
export type NameOf = (memberId: MemberId) => string;

/** Whose statements count. */
interface Contributors {
  /** Those that hold a connection, as far as is known. */
  readonly connected: readonly Statement[];
  /** Those whose statements count for age and grants. */
  readonly counting: readonly Statement[];
  /** Set when nobody who counts can be reached. */
  readonly unreachableSinceMs: number | undefined;
}

/**
 * One row of the statements of several members about the same instance, at least one.
 *
 * A connection at a member that can be reached counts before one at a member that cannot, and that before a goodbye
 * (PR8): who cannot be reached may still hold it. Facts of those who count replace those of the others, and later ones
 * earlier ones, field by field (PK5). A text that a member composed is no fact: it is composed anew of the facts of all when
 * nobody stated one. Depends on the set of statements and the statuses only, not on their order.
 *
 * @param nameOf names the gateways that have the instance; without it the row does not name them.
 */
export function mergedView(stated: readonly Statement[], statusOf: StatusOf, nameOf?: NameOf): InstanceView {
  const statements = ownRegister(stated).map((statement) =>
    withStatus(statement, statusOf(statement.memberId)),
  );
  const contributors = contributorsOf(statements, statusOf);
  const view = overlay(ranked(statements, contributors, statusOf));
  setTimes(view, statements, contributors);
  setConnections(view, contributors);
  if (nameOf !== undefined)
    view.gateways = [...new Set(contributors.counting.map(({ memberId }) => nameOf(memberId)))].sort();
  return view;
}

/** The row of a gateway is what that gateway states, and nothing that others claim (PR2). */
function ownRegister(statements: readonly Statement[]): readonly Statement[] {
  const own = statements.filter(({ view }) => view.self === true);
  return own.length > 0 ? own : statements;
}

/** The connections of a member that ended are closed. */
function withStatus(statement: Statement, status: MemberStatus | undefined): Statement {
  const { view } = statement;
  if (status?.kind !== 'left' || view.connections === 0) return statement;
  const { connectedAtMs: _, rttMs: __, ...rest } = view;
  const reason = { reason: 'disconnect', sources: { ...view.sources, reason: 'gateway' } } as const;
  const left = { connections: 0, disconnectedAtMs: status.sinceMs, cause: gatewayEnded };
  return { ...statement, view: { ...rest, ...reason, ...left } };
}

function contributorsOf(statements: readonly Statement[], statusOf: StatusOf): Contributors {
  const isLost = ({ memberId }: Statement): boolean => isOutOfReach(statusOf(memberId));
  const reachable = statements.filter((statement) => !isLost(statement));
  const connected = statements.filter(({ view }) => view.connections > 0);
  const held = connected.filter((statement) => !isLost(statement));
  if (held.length > 0)
    return { connected: held, counting: reachable.filter(isStaying), unreachableSinceMs: undefined };
  const lost = connected.length > 0 ? connected : reachable.length > 0 ? [] : statements;
  const unreachableSinceMs = pick(
    Math.min,
    lost.map(({ memberId }) => lostAtMs(statusOf(memberId))),
  );
  if (connected.length > 0) return { connected, counting: statements.filter(isStaying), unreachableSinceMs };
  return { connected, counting: reachable.length > 0 ? reachable : statements, unreachableSinceMs };
}

/** A goodbye to one gateway is no sign of life for another. */
function isStaying({ view }: Statement): boolean {
  return view.disconnectedAtMs === undefined;
}

/** From the statement that counts least to the one that counts most. */
function ranked(
  statements: readonly Statement[],
  { counting }: Contributors,
  statusOf: StatusOf,
): readonly Statement[] {
  const rank = (statement: Statement): number => {
    if (counting.includes(statement)) return 2;
    return isOutOfReach(statusOf(statement.memberId)) ? 0 : 1;
  };
  return [...statements].sort((a, b) => rank(a) - rank(b) || compareFacts(a, b));
}

/** Lays the better statements over the worse. */
function overlay(ranked: readonly Statement[]): Mutable<InstanceView> {
  const [worst] = ranked;
  if (worst === undefined) throw new TypeError('a row needs at least one statement');
  let merged: InstanceView = worst.view;
  let inputAtMs = worst.view.ts;
  for (const { view } of ranked.slice(1)) {
    if (view.lastInputSeconds !== undefined) inputAtMs = view.ts;
    const stated = withoutComposedText(view);
    // Facts of this statement without a source are those of the handshake.
    const sources = { ...withoutSources(merged.sources, stated), ...view.sources };
    merged = { ...withoutComposedText(merged), ...stated, sources };
  }
  const view = saidFacts(merged);
  if (view.lastInputSeconds !== undefined) view.ts = inputAtMs;
  completeText(view);
  return view;
}

/** What follows from the statements of all members together. */
const derived: ReadonlySet<string> = new Set([
  'self',
  'roles',
  'scopes',
  'rttMs',
  'cause',
  'gateways',
  'connectedAtMs',
  'disconnectedAtMs',
]);

/**
 * A view with what one member alone can state.
 *
 * It begins with what every view has and gets its facts one by one: objects that are made by leaving properties out do not share
 * their shape, which costs half a kibibyte for each of thousands of rows.
 */
function saidFacts(merged: InstanceView): Mutable<InstanceView> {
  const { key, ts, connections, firstSeenAtMs, sources } = merged;
  const view: Mutable<InstanceView> & Record<string, unknown> = {
    key,
    ts,
    connections,
    firstSeenAtMs,
    sources,
  };
  for (const [name, value] of Object.entries(merged)) if (!derived.has(name)) view[name] = value;
  return view;
}

function withoutComposedText(view: InstanceView): InstanceView {
  if (view.text === undefined || sourceOf(view, 'text') !== undefined) return view;
  const { text: _, ...stated } = view;
  return stated;
}

function setTimes(
  view: Mutable<InstanceView>,
  statements: readonly Statement[],
  { counting }: Contributors,
): void {
  const reportedAtMs = view.ts;
  view.ts = Math.max(...counting.map((statement) => statement.view.ts));
  view.firstSeenAtMs = Math.min(...statements.map((statement) => statement.view.firstSeenAtMs));
  if (view.lastInputSeconds === undefined) return;
  // True at `ts` (PF4), which may be another gateway's.
  view.lastInputSeconds += Math.max(0, Math.floor((view.ts - reportedAtMs) / 1000));
}

function setConnections(
  view: Mutable<InstanceView>,
  { connected, counting, unreachableSinceMs }: Contributors,
): void {
  view.connections = connected.reduce((sum, statement) => sum + statement.view.connections, 0);
  if (connected.length > 0) setConnected(view, connected);
  else setDisconnected(view, counting);
  const cause = causeOf(connected.length > 0 ? connected : counting, view);
  if (cause !== undefined) view.cause = cause;
  if (unreachableSinceMs !== undefined) view.unreachableSinceMs = unreachableSinceMs;
}

function setConnected(view: Mutable<InstanceView>, connected: readonly Statement[]): void {
  Object.assign(view, unionGrant(connected));
  // Connections have what they were granted, whatever a beacon claims elsewhere (PK5).
  view.sources = withoutSources(view.sources, grantFacts);
  const runs = connected.filter(({ memberId }) => isGatewayRun(memberId));
  if (runs.length > 0)
    view.gatewayIds = [...new Set(runs.map(({ memberId }) => gatewayIdOf(memberId)))].sort();
  const connectedAtMs = pick(
    Math.min,
    connected.map((statement) => statement.view.connectedAtMs),
  );
  if (connectedAtMs !== undefined) view.connectedAtMs = connectedAtMs;
  const pinged = connected.filter((statement) => statement.view.rttMs !== undefined);
  const rttMs = pinged.sort((a, b) => compareStamps(a.stamp, b.stamp)).at(-1)?.view.rttMs;
  if (rttMs !== undefined) view.rttMs = rttMs;
}

/** Of the causes that members state, the one that is about the moment at which the instance came or went. */
function causeOf(statements: readonly Statement[], shown: InstanceView): Cause | undefined {
  const atMs = ({ view }: Statement): number =>
    view.connectedAtMs ?? view.disconnectedAtMs ?? view.firstSeenAtMs;
  const shownMs = shown.connectedAtMs ?? shown.disconnectedAtMs;
  const inOrder = statements.toSorted((a, b) => compareFacts(a, b));
  const deciding = inOrder.find((statement) => atMs(statement) === shownMs) ?? inOrder[0];
  return deciding?.view.cause;
}

/** The last connection closed when the last of those closed that each member knew of, if there was one. */
function setDisconnected(view: Mutable<InstanceView>, counting: readonly Statement[]): void {
  const leftAtMs = pick(
    Math.max,
    counting.map((statement) => statement.view.disconnectedAtMs),
  );
  Object.assign(view, lastGrant(counting, leftAtMs));
  if (leftAtMs !== undefined) view.disconnectedAtMs = leftAtMs;
}

/** The least or the greatest of the values that are known. */
function pick(
  choose: (...values: readonly number[]) => number,
  values: readonly (number | undefined)[],
): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : choose(...known);
}

/** What live connections of one instance were granted, at whichever member: the union (PK5). */
function unionGrant(connected: readonly Statement[]): Partial<Grant> {
  const [only] = connected;
  // Lists of one member are kept once, by its statement and by the row.
  if (connected.length === 1) return filled((list) => only?.view[list]);
  const inOrder = connected.toSorted(compareFacts);
  return filled((list) => [...new Set(inOrder.flatMap(({ view }) => view[list] ?? []))]);
}

/**
 * What an instance without a live connection shows: the grant of the connection that left last, or what a later beacon claims.
 *
 * @param leftAtMs when the last connection left, if there was one.
 */
function lastGrant(statements: readonly Statement[], leftAtMs: number | undefined): Partial<Grant> {
  const isOutlived = ({ view: { disconnectedAtMs = leftAtMs } }: Statement) => disconnectedAtMs !== leftAtMs;
  const inOrder = statements.filter((statement) => !isOutlived(statement)).sort(compareFacts);
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
