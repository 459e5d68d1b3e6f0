import { isIP } from 'node:net';
import type {
  Cause,
  FactSource,
  Facts,
  HostStats,
  InstanceView,
  Instant,
  NamedSource,
} from '../../src/core/index.ts';

/** One instance of the roster model; moments are monotonic. */
export interface ModelRow {
  key: string;
  facts: Record<string, unknown>;
  /** Which producer wrote each fact last, the handshake too. */
  sources: Record<string, FactSource>;
  /** Moment and value of the last report of the last input. */
  input: { seconds: number; atMs: number } | undefined;
  /** Roles and scopes of the last connection, or of a later beacon. */
  left: { roles: readonly string[]; scopes: readonly string[] };
  seenMs: number;
  /** Moment of a renewal that viewers have not received. */
  renewedMs: number | undefined;
  firstMs: number;
  connectedMs: number | undefined;
  disconnectedMs: number | undefined;
  rttMs: number | undefined;
  publishedRttMs: number | undefined;
  hostStats: HostStats | undefined;
  observedIp: string | undefined;
  reportedIp: string | undefined;
  /** Cause of the last arrival or departure. */
  cause: Cause;
  isListed: boolean;
}

/** An instance without facts. */
export function newModelRow(key: string, now: Instant): ModelRow {
  return {
    key,
    facts: {},
    sources: {},
    input: undefined,
    left: { roles: [], scopes: [] },
    seenMs: now.monoMs,
    renewedMs: undefined,
    firstMs: now.monoMs,
    connectedMs: undefined,
    disconnectedMs: undefined,
    rttMs: undefined,
    publishedRttMs: undefined,
    hostStats: undefined,
    observedIp: undefined,
    reportedIp: undefined,
    cause: { code: 'unknown' },
    isListed: false,
  };
}

/** Field by field (PK5): what the update lacks stays. */
export function merge(
  row: ModelRow,
  facts: Readonly<Record<string, unknown>> | Facts,
  source: FactSource,
  now: Instant,
): void {
  for (const [fact, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    row.sources[fact] = source;
    if (fact === 'roles' || fact === 'scopes') row.left = { ...row.left, [fact]: value };
    else row.facts[fact] = value;
    if (fact === 'lastInputSeconds') row.input = { seconds: value as number, atMs: now.monoMs };
  }
}

/** What a row does not hold itself. */
export interface LiveFacts {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly connections: number;
  readonly wallMs: (monoMs: number) => number;
}

/** What viewers see of a row, with what its connections were granted and the way to the wall clock. */
export function modelView(row: ModelRow, live: LiveFacts): InstanceView {
  const { lastInputSeconds: _, tags, ...facts } = row.facts;
  const { host, ip, mode } = facts;
  const name = host ?? ip;
  const composed = mode === undefined ? `Node: ${name}` : `Node: ${name} · mode ${mode}`;
  return present({
    key: row.key,
    text: name === undefined ? undefined : composed,
    ...facts,
    tags: filled(tags as string[] | undefined),
    roles: filled(live.roles),
    scopes: filled(live.scopes),
    lastInputSeconds: row.input && row.input.seconds + Math.floor((row.seenMs - row.input.atMs) / 1000),
    ts: live.wallMs(row.seenMs),
    connections: live.connections,
    firstSeenAtMs: live.wallMs(row.firstMs),
    connectedAtMs: row.connectedMs && live.wallMs(row.connectedMs),
    disconnectedAtMs: row.disconnectedMs && live.wallMs(row.disconnectedMs),
    rttMs: row.publishedRttMs,
    observedIp: row.observedIp,
    reportedIp: row.reportedIp,
    hostStats: row.hostStats,
    cause: row.cause,
    sources: named(row.sources),
  });
}

/** Sources as viewers get them: those of the handshake are left out. */
function named(sources: Readonly<Record<string, FactSource>>): Record<string, NamedSource> {
  return Object.fromEntries(
    Object.entries(sources).flatMap(([fact, source]) => (source === 'connect' ? [] : [[fact, source]])),
  );
}

/** The update would make a row look like the gateway's own (PR2). */
export function looksLikeSelf(facts: Facts, row: ModelRow | undefined): boolean {
  const mode = word(facts.mode ?? row?.facts['mode']);
  const reason = word(facts.reason ?? row?.facts['reason']);
  return mode === 'gateway' && reason === 'self';
}

export function shownIp(ip: string | undefined): string | undefined {
  const bare = ip?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (bare === undefined || isIP(bare) === 0) return undefined;
  if (bare.startsWith('127.') || bare === '::1' || bare === '0.0.0.0' || bare === '::') return undefined;
  return bare.toLowerCase();
}

/** PK1. */
export function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

/** A mode, reason or device in the form in which it is compared. */
export function word(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length === 0 ? undefined : list;
}

function present(view: { readonly [K in keyof InstanceView]: InstanceView[K] | undefined }): InstanceView {
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => value !== undefined),
  ) as unknown as InstanceView;
}
