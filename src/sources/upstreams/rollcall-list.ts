import { type InstanceView, isAddress, presenceKey, wholeUpstreamView } from '../../core/index.ts';
import { readFacts, readHostStats, readMoment, readNumber, readWord, recordOf } from './listed-entry.ts';
import { isSame, type Moment, type RowChanges } from './upstream-list.ts';
import { gatewayKey, gatewayRow, jitterMs } from './upstream-rows.ts';

/** What the list of a Rollcall upstream depends on. */
export interface RollcallListOptions {
  readonly name: string;
  readonly maxRows: number;
  readonly ownIds: ReadonlySet<string>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A row of the upstream as it sent it, parsed, by its own clock. */
interface TheirRow {
  readonly view: InstanceView;
  /** Names of the gateways that hold it, by the upstream. */
  readonly gateways: readonly string[];
}

/** A row as it was published, and its source; the row of the upstream itself is built anew each time. */
interface PublishedRow {
  readonly view: InstanceView;
  readonly from: TheirRow | undefined;
}

/**
 * The list of an upstream that is a Rollcall: kept by deltas, its own rows only (PU8).
 *
 * Rows that the upstream has from its own upstreams are left out: an operator who needs them makes those gateways upstreams of
 * this one; and two gateways that read each other do not repeat each other's rows.
 */
export class RollcallList {
  /** True while the list is complete, so that deltas can be applied; false when one was lost. */
  isWhole = false;
  readonly #options: RollcallListOptions;
  /** The `gateways` of rows. */
  readonly #names: readonly string[];
  #rows = new Map<string, TheirRow>();
  #epoch: string | undefined;
  #version = 0;
  /** Names of the upstreams of this upstream. */
  #foreign: ReadonlySet<string> = new Set();
  #published = new Map<string, PublishedRow>();

  constructor(options: RollcallListOptions) {
    this.#options = options;
    this.#names = [options.name];
  }

  /** Takes the answer of `presence.list`; false when it is invalid. */
  takeList(value: unknown): boolean {
    const { epoch, version, instances } = recordOf(value) ?? {};
    if (typeof epoch !== 'string' || typeof version !== 'number' || !Array.isArray(instances)) return false;
    this.#epoch = epoch;
    this.#version = version;
    this.isWhole = true;
    this.#rows = new Map();
    for (const item of instances) this.#put(item);
    return true;
  }

  /** Takes a `presence.delta`; false when it does not follow on the list, which must be read again then. */
  takeDelta(value: unknown): boolean {
    const { epoch, from, to, upsert, remove } = recordOf(value) ?? {};
    if (typeof epoch !== 'string' || typeof from !== 'number' || typeof to !== 'number') return false;
    if (!Array.isArray(upsert) || !Array.isArray(remove)) return false;
    if (from === 0) {
      this.#rows = new Map();
      this.isWhole = true;
    } else if (epoch !== this.#epoch || from > this.#version) return false;
    this.#epoch = epoch;
    this.#version = Math.max(to, from === 0 ? 0 : this.#version);
    for (const key of remove) if (typeof key === 'string') this.#rows.delete(key);
    for (const item of upsert) this.#put(item);
    return true;
  }

  /** Takes the answer of `gateways.list`: which of its names are upstreams; false when it is invalid. */
  takeGateways(value: unknown): boolean {
    const gateways = recordOf(value)?.['gateways'];
    if (!Array.isArray(gateways)) return false;
    const upstreams = gateways.map(recordOf).filter((gateway) => gateway?.['kind'] === 'upstream');
    this.#foreign = new Set(upstreams.map((gateway) => readWord(gateway?.['name']) ?? ''));
    return true;
  }

  /** Instance id of the upstream itself: the same at every start of it. */
  get selfInstanceId(): string | undefined {
    return this.#self?.instanceId;
  }

  get selfVersion(): string | undefined {
    return this.#self?.version;
  }

  /**
   * The changes of the rows since the last call.
   *
   * @param isAwaited true for a row that is expected back: it stays while it is not listed (PU7).
   */
  changes(moment: Moment, isAwaited: (key: string) => boolean = () => false): RowChanges {
    const published = new Map<string, PublishedRow>();
    const upsert: InstanceView[] = [];
    for (const row of this.#current(moment)) {
      const known = this.#published.get(row.view.key);
      if (row === known) {
        published.set(row.view.key, row);
        continue;
      }
      const view = wholeUpstreamView(row.view, known?.view, this.#names);
      const kept = known !== undefined && isSame(known.view, view) ? known.view : view;
      if (kept !== known?.view) upsert.push(kept);
      published.set(kept.key, { view: kept, from: row.from });
    }
    const remove: string[] = [];
    for (const [key, row] of this.#published) {
      if (published.has(key)) continue;
      if (isAwaited(key)) published.set(key, row);
      else remove.push(key);
    }
    this.#published = published;
    return { upsert, remove };
  }

  /** Resets what was published: the next changes are all rows. */
  forget(): void {
    this.#published = new Map();
  }

  /** The rows that were published last, by key. */
  get published(): ReadonlyMap<string, unknown> {
    return this.#published;
  }

  /** Rows of a Rollcall expire there, at the exact moment, and it publishes that. */
  nextExpiryMs(): undefined {
    return undefined;
  }

  get #self(): InstanceView | undefined {
    for (const { view } of this.#rows.values()) if (view.self === true) return view;
    return undefined;
  }

  *#current(moment: Moment): Generator<PublishedRow> {
    const { ownIds, maxRows } = this.#options;
    yield { view: this.#gatewayRow(moment), from: undefined };
    let count = 1;
    for (const from of this.#rows.values()) {
      const { view, gateways } = from;
      if (view.self === true || ownIds.has(view.key) || !this.#isOwn(gateways)) continue;
      if (++count > maxRows) return;
      const known = this.#published.get(view.key);
      const isKnown = known?.from === from && Math.abs(known.view.ts - oursOf(view.ts, moment)) <= jitterMs;
      yield isKnown ? known : { view: translated(view, moment), from };
    }
  }

  #gatewayRow(moment: Moment): InstanceView {
    const { name } = this.#options;
    const self = this.#self;
    if (self === undefined) return gatewayRow({}, { name, nowMs: moment.nowMs });
    const firstSeenAtMs = oursOf(self.firstSeenAtMs, moment);
    return { ...self, key: gatewayKey(name), ts: Math.round(moment.nowMs), firstSeenAtMs };
  }

  /** Held by the upstream itself or its cluster, not only by its upstreams. */
  #isOwn(gateways: readonly string[]): boolean {
    return gateways.length === 0 || gateways.some((name) => !this.#foreign.has(name));
  }

  #put(item: unknown): void {
    const row = readRow(item);
    if (row === undefined) return;
    if (this.#rows.size >= 2 * this.#options.maxRows && !this.#rows.has(row.view.key)) return;
    this.#rows.set(row.view.key, row);
  }
}

const moments = ['connectedAtMs', 'disconnectedAtMs', 'unreachableSinceMs'] as const;

function readRow(value: unknown): TheirRow | undefined {
  const record = recordOf(value) ?? {};
  const key = presenceKey(readWord(record['key']));
  const ts = readMoment(record['ts']);
  if (key === undefined || ts === undefined) return undefined;
  const view: Mutable<InstanceView> = {
    key,
    ...readFacts(record),
    ts,
    connections: Math.min(1_000_000, Math.floor(readNumber(record['connections']) ?? 0)),
    firstSeenAtMs: readMoment(record['firstSeenAtMs']) ?? ts,
    sources: readSources(record['sources']),
  };
  for (const name of moments) {
    const moment = readMoment(record[name]);
    if (moment !== undefined) view[name] = moment;
  }
  for (const name of ['observedIp', 'reportedIp'] as const) {
    const ip = readWord(record[name]);
    if (ip !== undefined && isAddress(ip)) view[name] = ip;
  }
  const rttMs = readNumber(record['rttMs']);
  if (rttMs !== undefined) view.rttMs = Math.round(rttMs);
  const hostStats = readHostStats(record['hostStats']);
  if (hostStats !== undefined) view.hostStats = hostStats;
  if (record['self'] === true) view.self = true;
  const gateways = Array.isArray(record['gateways']) ? record['gateways'] : [];
  return { view, gateways: gateways.slice(0, 256).map((name) => readWord(name) ?? '') };
}

const producers = ['gateway', 'socket', 'beacon', 'node-event', 'activity'] as const;

function readSources(value: unknown): InstanceView['sources'] {
  const known = Object.entries(recordOf(value) ?? {}).filter(([, producer]) =>
    producers.some((name) => name === producer),
  );
  return Object.fromEntries(known.slice(0, 64));
}

function translated(view: InstanceView, moment: Moment): InstanceView {
  const ours: Mutable<InstanceView> = {
    ...view,
    ts: oursOf(view.ts, moment),
    firstSeenAtMs: oursOf(view.firstSeenAtMs, moment),
  };
  for (const name of moments) {
    const theirMs = view[name];
    if (theirMs !== undefined) ours[name] = oursOf(theirMs, moment);
  }
  return ours;
}

function oursOf(theirMs: number, { offsetMs, nowMs }: Moment): number {
  return Math.max(0, Math.min(Math.round(theirMs + offsetMs), Math.round(nowMs)));
}
