import { isIP } from 'node:net';
import type {
  ActivityUpdate,
  BeaconUpdate,
  ConnectUpdate,
  FactSource,
  Facts,
  HostStats,
  InstanceView,
  Instant,
} from '../../src/core/index.ts';

/** Bounds of a {@link RosterModel}; hidden and passing modes are those of the SPEC. */
export interface ModelRules {
  readonly ttlMs: number;
  readonly maxEntries: number;
}

interface Told {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, FactSource>>;
}

interface ModelRow {
  key: string;
  facts: Record<string, unknown>;
  sources: Record<string, FactSource>;
  /** Moment and value of the last report of the last input. */
  input: { seconds: number; atMs: number } | undefined;
  /** Roles and scopes of the last connection, or of a later beacon. */
  left: { roles: readonly string[]; scopes: readonly string[] };
  seenMs: number;
  /** Moment of a renewal that viewers were not told. */
  renewedMs: number | undefined;
  firstMs: number;
  connectedMs: number | undefined;
  disconnectedMs: number | undefined;
  rttMs: number | undefined;
  toldRttMs: number | undefined;
  hostStats: HostStats | undefined;
  observedIp: string | undefined;
  reportedIp: string | undefined;
  isListed: boolean;
}

interface ModelConnection {
  readonly id: string;
  /** Absent for a hidden client. */
  readonly row: ModelRow | undefined;
  readonly key: string;
  readonly role: string;
  readonly scopes: readonly string[];
}

const hiddenModes = ['cli'];
const passingModes = ['probe', 'backend'];
const setClockMs = 1_000;

/**
 * The roster again, as slow and as plain as possible: arrays, full scans, nothing kept that can be worked out.
 *
 * Written from the SPEC and the contract in `roster.ts`, to be compared with the real one after every step. Every
 * method returns true when viewers have something new to see.
 */
export class RosterModel {
  /** Known rows, the oldest first. */
  #rows: ModelRow[] = [];
  #connections: ModelConnection[] = [];
  #self: (Told & { readonly key: string; readonly firstMs: number }) | undefined;
  #offsetMs: number | undefined;
  version = 0;
  evictions = 0;
  readonly #rules: ModelRules;

  constructor(rules: ModelRules) {
    this.#rules = rules;
  }

  setSelf(facts: Facts & { readonly instanceId: string }, now: Instant): boolean {
    this.#open(now);
    const all = { ...facts, mode: 'gateway', reason: 'self' };
    const text = `Gateway: ${facts.host} (${facts.ip}) · app ${facts.version} · mode gateway · reason self`;
    this.#self = {
      key: keyOf(facts.instanceId),
      facts: { ...all, text },
      sources: Object.fromEntries(Object.keys({ ...all, text }).map((fact) => [fact, 'gateway' as const])),
      firstMs: this.#self?.firstMs ?? now.monoMs,
    };
    this.#evict();
    return true;
  }

  connect(update: ConnectUpdate, now: Instant): 'refused' | boolean {
    const { facts } = update;
    const alias = facts.instanceId === undefined ? this.#freshestOfDevice(facts.deviceId) : undefined;
    const key = alias?.key ?? keyOf(facts.instanceId ?? facts.deviceId ?? update.connectionId);
    if (key === this.#self?.key) return 'refused';
    const isHidden = hiddenModes.includes(word(facts.mode));
    const connection = {
      id: update.connectionId,
      key,
      role: update.role,
      scopes: [...new Set(update.scopes)],
    };
    if (isHidden) {
      this.#connections.push({ ...connection, row: undefined });
      return false;
    }
    this.#open(now);
    const row = this.#rowAt(key) ?? this.#takenOver(facts, key) ?? this.#newRow(key, now);
    if (this.#liveOf(row).length === 0) row.connectedMs = now.monoMs;
    row.disconnectedMs = undefined;
    const reason = update.role === 'node' ? 'node-connected' : 'connect';
    merge(row, { ...facts, ip: shownIp(facts.ip), reason }, 'connect', now);
    merge(row, { ip: shownIp(update.observedIp) }, 'socket', now);
    row.observedIp = shownIp(update.observedIp) ?? row.observedIp;
    row.sources['roles'] = 'connect';
    row.sources['scopes'] = 'connect';
    this.#connections.push({ ...connection, row });
    this.#write(row, now);
    return true;
  }

  disconnect(connectionId: string, now: Instant): boolean {
    const connection = this.#connections.find(({ id }) => id === connectionId);
    if (connection === undefined) return false;
    const { row } = connection;
    const granted = row === undefined ? undefined : this.#granted(row);
    this.#connections = this.#connections.filter((other) => other !== connection);
    if (row === undefined || granted === undefined) return false;
    if (this.#liveOf(row).length > 0) {
      if (!row.isListed) return false;
      this.#open(now);
      row.toldRttMs = row.rttMs;
      return true;
    }
    row.left = granted;
    row.connectedMs = undefined;
    row.rttMs = undefined;
    if (!row.isListed) {
      this.#forget(row);
      return false;
    }
    this.#open(now);
    if (passingModes.includes(word(row.facts['mode']))) {
      this.#forget(row);
      return true;
    }
    row.disconnectedMs = now.monoMs;
    merge(row, { reason: 'disconnect' }, 'gateway', now);
    this.#write(row, now);
    return true;
  }

  beacon(update: BeaconUpdate, now: Instant): 'refused' | boolean {
    const { facts } = update;
    const key = this.targetKey(update);
    if (key === undefined || key === this.#self?.key) return 'refused';
    const known = this.#rowAt(key);
    if (looksLikeSelf(facts, known)) return 'refused';
    if (hiddenModes.includes(word(facts.mode))) return false;
    this.#open(now);
    const row = known ?? this.#newRow(key, now);
    this.#report(row, facts, 'beacon', update.clearLastInput === true, now);
    row.reportedIp = shownIp(facts.ip) ?? row.reportedIp;
    this.#write(row, now);
    return true;
  }

  /** Key of a beacon by PK3 and PK4. */
  targetKey({ facts, connectionId }: BeaconUpdate): string | undefined {
    if (facts.instanceId !== undefined) return keyOf(facts.instanceId);
    const alias = this.#freshestOfDevice(facts.deviceId);
    if (alias !== undefined) return alias.key;
    const sender = this.#connections.find(({ id }) => id === connectionId)?.row?.key;
    const named = facts.deviceId ?? facts.host ?? shownIp(facts.ip) ?? sender;
    return named === undefined ? facts.text && keyOf([...facts.text].slice(0, 64).join('')) : keyOf(named);
  }

  activity(update: ActivityUpdate, now: Instant): 'refused' | boolean {
    const connection = this.#connections.find(({ id }) => id === update.connectionId);
    if (connection === undefined) return 'refused';
    const { row } = connection;
    if (row === undefined) return false;
    const { instanceId: _, deviceId: __, ...facts } = update.facts ?? {};
    if (looksLikeSelf(facts, row)) return 'refused';
    if (hiddenModes.includes(word(facts.mode))) return false;
    this.#open(now);
    this.#report(row, facts, update.source, update.clearLastInput === true, now);
    row.hostStats = update.hostStats ?? row.hostStats;
    this.#write(row, now);
    return true;
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): boolean {
    const row = this.#connections.find(({ id }) => id === connectionId)?.row;
    if (row === undefined) return false;
    row.rttMs = rttMs ?? row.rttMs;
    if (row.isListed) {
      row.renewedMs = now.monoMs;
      // Behind all others: who renewed last is the freshest.
      this.#rows = [...this.#rows.filter((other) => other !== row), row];
      return false;
    }
    if (this.size >= this.#rules.maxEntries) return false;
    this.#open(now);
    this.#write(row, now);
    return true;
  }

  publishRenewals(now: Instant): boolean {
    if (this.pendingRenewals === 0) return false;
    this.#open(now);
    return true;
  }

  sweep(now: Instant): boolean {
    const isOld = (row: ModelRow) => row.isListed && now.monoMs - row.seenMs > this.#rules.ttlMs;
    const isSet = this.size > 0 && this.#offsetMs !== undefined && clockWasSet(this.#offsetMs, now);
    if (!isSet && !this.#rows.some(isOld)) return false;
    this.#open(now);
    for (const row of this.#rows.filter(isOld)) this.#unlist(row);
    return true;
  }

  get pendingRenewals(): number {
    return this.#rows.filter(({ isListed, renewedMs }) => isListed && renewedMs !== undefined).length;
  }

  get size(): number {
    return this.#rows.filter(({ isListed }) => isListed).length + (this.#self === undefined ? 0 : 1);
  }

  /** What viewers see: self first, then newest first. */
  views(now: Instant): InstanceView[] {
    const seen = this.#rows
      .filter(({ isListed }) => isListed)
      .sort((a, b) => this.#seenOrder(b) - this.#seenOrder(a));
    const rows = seen.map((row) => this.#view(row));
    return this.#self === undefined ? rows : [this.#selfView(this.#self, now), ...rows];
  }

  /** Place in the order that viewers know: a renewal that they were not told does not count. */
  #seenOrder(row: ModelRow): number {
    return this.#order.indexOf(row);
  }

  /** Listed rows as viewers know their order, the oldest first. */
  #order: ModelRow[] = [];

  #view(row: ModelRow): InstanceView {
    const granted = this.#granted(row);
    const { lastInputSeconds: _, tags, ...facts } = row.facts;
    const { host, ip, mode } = facts;
    const name = host ?? ip;
    const composed = mode === undefined ? `Node: ${name}` : `Node: ${name} · mode ${mode}`;
    return present({
      key: row.key,
      text: name === undefined ? undefined : composed,
      ...facts,
      tags: filled(tags as string[] | undefined),
      roles: filled(granted.roles),
      scopes: filled(granted.scopes),
      lastInputSeconds: row.input && row.input.seconds + Math.floor((row.seenMs - row.input.atMs) / 1000),
      ts: this.#wall(row.seenMs),
      connections: this.#liveOf(row).length,
      firstSeenAtMs: this.#wall(row.firstMs),
      connectedAtMs: row.connectedMs && this.#wall(row.connectedMs),
      disconnectedAtMs: row.disconnectedMs && this.#wall(row.disconnectedMs),
      rttMs: row.toldRttMs,
      observedIp: row.observedIp,
      reportedIp: row.reportedIp,
      hostStats: row.hostStats,
      sources: row.sources,
    });
  }

  #selfView(self: Told & { readonly key: string; readonly firstMs: number }, now: Instant): InstanceView {
    return {
      ...self.facts,
      key: self.key,
      ts: now.wallMs,
      connections: 0,
      firstSeenAtMs: this.#wall(self.firstMs),
      sources: self.sources,
      self: true,
    };
  }

  /** Begins a visible change: a new version, to which waiting renewals and a set clock are added. */
  #open(now: Instant): void {
    this.version += 1;
    const offsetMs = this.#offsetMs;
    const isSet = offsetMs !== undefined && clockWasSet(offsetMs, now);
    if (offsetMs === undefined || isSet) this.#offsetMs = now.wallMs - now.monoMs;
    for (const row of this.#rows) {
      if (row.isListed && row.renewedMs !== undefined) this.#publish(row, row.renewedMs);
      else if (isSet) row.toldRttMs = row.rttMs;
    }
  }

  #publish(row: ModelRow, seenMs: number): void {
    row.seenMs = seenMs;
    row.renewedMs = undefined;
    row.isListed = true;
    row.toldRttMs = row.rttMs;
    this.#order = [...this.#order.filter((other) => other !== row), row];
  }

  #write(row: ModelRow, now: Instant): void {
    this.#publish(row, now.monoMs);
    this.#rows = [...this.#rows.filter((other) => other !== row), row];
    this.#evict();
  }

  #report(row: ModelRow, reported: Facts, source: FactSource, clear: boolean, now: Instant): void {
    const facts: Record<string, unknown> = { ...reported, ip: shownIp(reported.ip) };
    const isLive = this.#liveOf(row).length > 0;
    if (isLive || reported.roles === undefined) delete facts['roles'];
    if (isLive || reported.scopes === undefined) delete facts['scopes'];
    if (row.sources['deviceId'] === 'connect') delete facts['deviceId'];
    merge(row, facts, source, now);
    if (!clear) return;
    row.input = undefined;
    delete row.facts['lastInputSeconds'];
    delete row.sources['lastInputSeconds'];
  }

  #evict(): void {
    while (this.size > this.#rules.maxEntries) {
      const oldest = this.#order[0];
      if (oldest === undefined) return;
      this.evictions += 1;
      this.#unlist(oldest);
    }
  }

  /** Off the list; still known while a connection is live. */
  #unlist(row: ModelRow): void {
    row.isListed = false;
    row.renewedMs = undefined;
    this.#order = this.#order.filter((other) => other !== row);
    if (this.#liveOf(row).length === 0) this.#forget(row);
  }

  #forget(row: ModelRow): void {
    this.#rows = this.#rows.filter((other) => other !== row);
    this.#order = this.#order.filter((other) => other !== row);
  }

  #newRow(key: string, now: Instant): ModelRow {
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
      toldRttMs: undefined,
      hostStats: undefined,
      observedIp: undefined,
      reportedIp: undefined,
      isListed: false,
    };
  }

  #rowAt(key: string): ModelRow | undefined {
    return this.#rows.find((row) => row.key === key);
  }

  #freshestOfDevice(deviceId: string | undefined): ModelRow | undefined {
    if (deviceId === undefined) return undefined;
    return this.#rows.findLast(({ facts }) => word(facts['deviceId']) === word(deviceId));
  }

  /** PK8: the row that the device left behind in this mode. */
  #takenOver(facts: Facts, key: string): ModelRow | undefined {
    if (facts.deviceId === undefined || facts.instanceId === undefined) return undefined;
    const row = this.#rows.findLast(
      (candidate) =>
        word(candidate.facts['deviceId']) === word(facts.deviceId) &&
        word(candidate.facts['mode']) === word(facts.mode) &&
        this.#liveOf(candidate).length === 0,
    );
    if (row !== undefined) row.key = key;
    return row;
  }

  #liveOf(row: ModelRow): ModelConnection[] {
    return this.#connections.filter((connection) => connection.row === row);
  }

  #granted(row: ModelRow): { roles: readonly string[]; scopes: readonly string[] } {
    const live = this.#liveOf(row);
    if (live.length === 0) return row.left;
    return {
      roles: [...new Set(live.map(({ role }) => role))],
      scopes: [...new Set(live.flatMap(({ scopes }) => scopes))],
    };
  }

  #wall(monoMs: number): number {
    return monoMs + (this.#offsetMs ?? 0);
  }
}

function merge(
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

function looksLikeSelf(facts: Facts, row: ModelRow | undefined): boolean {
  const mode = word(facts.mode ?? row?.facts['mode']);
  const reason = word(facts.reason ?? row?.facts['reason']);
  return mode === 'gateway' && reason === 'self';
}

function clockWasSet(offsetMs: number, now: Instant): boolean {
  return Math.abs(now.wallMs - now.monoMs - offsetMs) >= setClockMs;
}

/** PI1 and PI2 for the few forms of address that the tests use. */
function shownIp(ip: string | undefined): string | undefined {
  const bare = ip?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (bare === undefined || isIP(bare) === 0) return undefined;
  if (bare.startsWith('127.') || bare === '::1' || bare === '0.0.0.0' || bare === '::') return undefined;
  return bare.toLowerCase();
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function word(value: unknown): string {
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
