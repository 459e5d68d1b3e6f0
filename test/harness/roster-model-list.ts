import type { Cause, FactSource, InstanceView, Instant, NamedSource } from '../../src/core/index.ts';
import { type ModelRow, modelView, word } from './roster-model-row.ts';

/** Bounds of a {@link ModelList}. */
export interface ModelRules {
  readonly ttlMs: number;
  readonly maxEntries: number;
}

interface Told {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, NamedSource>>;
}

interface ModelConnection {
  readonly id: string;
  /** Absent for a hidden client. */
  readonly row: ModelRow | undefined;
  readonly key: string;
  readonly role: string;
  readonly scopes: readonly string[];
}

const setClockMs = 1_000;

/** The part of the roster model that keeps rows: which are listed, in which order, and what viewers have received. */
export class ModelList {
  /** All rows, the oldest first; renewals that viewers have not received count. */
  protected rows: ModelRow[] = [];
  /** Listed rows in the order of viewers, the oldest first. */
  #order: ModelRow[] = [];
  /** Connected rows beyond `maxEntries`; the latest last. */
  #waiting: ModelRow[] = [];
  protected connections: ModelConnection[] = [];
  protected self: (Told & { readonly key: string; readonly firstMs: number }) | undefined;
  #offsetMs: number | undefined;
  version = 0;
  evictions = 0;
  protected readonly rules: ModelRules;

  /** Empty; hidden and passing modes are those of the SPEC. */
  constructor(rules: ModelRules) {
    this.rules = rules;
  }

  sweep(now: Instant): boolean {
    const isOld = (row: ModelRow) => row.isListed && now.monoMs - row.seenMs > this.rules.ttlMs;
    const isSet = this.size > 0 && this.#offsetMs !== undefined && clockWasSet(this.#offsetMs, now);
    if (!isSet && !this.rows.some(isOld)) return false;
    this.open(now);
    for (const row of this.rows.filter(isOld)) this.#unlist(row);
    this.settle(now);
    return true;
  }

  get pendingRenewals(): number {
    return this.rows.filter(({ isListed, renewedMs }) => isListed && renewedMs !== undefined).length;
  }

  get size(): number {
    return this.rows.filter(({ isListed }) => isListed).length + (this.self === undefined ? 0 : 1);
  }

  /** What viewers see: self first, then newest first. */
  views(now: Instant): InstanceView[] {
    const rows = this.#order.toReversed().map((row) =>
      modelView(row, {
        ...this.granted(row),
        connections: this.liveOf(row).length,
        wallMs: (monoMs) => this.#wall(monoMs),
      }),
    );
    return this.self === undefined ? rows : [this.#selfView(this.self, now), ...rows];
  }

  /** Which producer wrote each fact of a row last, the handshake too. */
  sourcesOf(key: string): Readonly<Record<string, FactSource>> {
    return (key === this.self?.key ? this.self.sources : this.rowAt(key)?.sources) ?? {};
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

  /** Begins a visible change: a new version, with pending renewals and a changed clock. */
  protected open(now: Instant): void {
    this.version += 1;
    const offsetMs = this.#offsetMs;
    const isSet = offsetMs !== undefined && clockWasSet(offsetMs, now);
    if (offsetMs === undefined || isSet) this.#offsetMs = now.wallMs - now.monoMs;
    for (const row of this.rows) {
      if (row.isListed && row.renewedMs !== undefined) this.#publish(row, row.renewedMs);
      else if (isSet) row.publishedRttMs = row.rttMs;
    }
  }

  #publish(row: ModelRow, seenMs: number): void {
    row.seenMs = seenMs;
    row.renewedMs = undefined;
    row.isListed = true;
    this.#waiting = this.#waiting.filter((other) => other !== row);
    row.publishedRttMs = row.rttMs;
    this.#order = [...this.#order.filter((other) => other !== row), row];
  }

  protected write(row: ModelRow, now: Instant, cause?: Cause): void {
    const again: Cause = { code: 'connected', evidence: 'still connected, listed again' };
    row.cause = cause ?? (row.isListed ? row.cause : again);
    this.#publish(row, now.monoMs);
    this.rows = [...this.rows.filter((other) => other !== row), row];
    this.settle(now);
  }

  /** PT3: over the bound those without a connection go first; a connected row that waits is listed as soon as there is room. */
  protected settle(now: Instant): void {
    while (this.size > this.rules.maxEntries) if (!this.#evict()) break;
    for (let row = this.#nextWaiting; row !== undefined; row = this.#nextWaiting) {
      if (this.size >= this.rules.maxEntries && (this.#quiet === undefined || !this.#evict())) return;
      row.cause = { code: 'connected', evidence: 'still connected, listed again' };
      this.#publish(row, now.monoMs);
      this.rows = [...this.rows.filter((other) => other !== row), row];
    }
  }

  /** The row that was evicted or renewed last. */
  get #nextWaiting(): ModelRow | undefined {
    return this.#waiting.at(-1);
  }

  get #quiet(): ModelRow | undefined {
    return this.#order.find((row) => this.liveOf(row).length === 0);
  }

  /** A connected row that is not listed waits behind those that waited before. */
  protected wait(row: ModelRow): void {
    this.#waiting = [...this.#waiting.filter((other) => other !== row), row];
  }

  protected get hasRoom(): boolean {
    return this.size < this.rules.maxEntries || this.#quiet !== undefined;
  }

  #evict(): boolean {
    const row = this.#quiet ?? this.#order[0];
    if (row === undefined) return false;
    this.evictions += 1;
    this.#unlist(row);
    if (this.liveOf(row).length > 0) this.wait(row);
    return true;
  }

  /** Removes a row from the list; it is kept while a connection is live. */
  #unlist(row: ModelRow): void {
    row.isListed = false;
    row.renewedMs = undefined;
    this.#order = this.#order.filter((other) => other !== row);
    if (this.liveOf(row).length === 0) this.forget(row);
  }

  protected forget(row: ModelRow): void {
    this.#waiting = this.#waiting.filter((other) => other !== row);
    this.rows = this.rows.filter((other) => other !== row);
    this.#order = this.#order.filter((other) => other !== row);
  }

  protected rowAt(key: string): ModelRow | undefined {
    return this.rows.find((row) => row.key === key);
  }

  protected freshestOfDevice(deviceId: string | undefined): ModelRow | undefined {
    if (deviceId === undefined) return undefined;
    return this.rows.findLast(({ facts }) => word(facts['deviceId']) === word(deviceId));
  }

  protected liveOf(row: ModelRow): ModelConnection[] {
    return this.connections.filter((connection) => connection.row === row);
  }

  protected granted(row: ModelRow): { roles: readonly string[]; scopes: readonly string[] } {
    const live = this.liveOf(row);
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

function clockWasSet(offsetMs: number, now: Instant): boolean {
  return Math.abs(now.wallMs - now.monoMs - offsetMs) >= setClockMs;
}
