import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Instance, InstanceChange, PresenceClient } from '../../client/index.ts';
import { isViewer, rowName } from '../../viewer/index.ts';

/** One entry of the journal, as a gateway sends it; of an entry that this page made itself, `id` is negative. */
export interface HistoryEntry {
  readonly id: number;
  /** The gateway's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly key: string;
  readonly host?: string;
  readonly gateways?: readonly string[];
  readonly cause?: { readonly code: string; readonly evidence?: string };
  readonly previous?: Readonly<Record<string, unknown>>;
  readonly current?: Readonly<Record<string, unknown>>;
  /** How often it left, where several entries are combined. */
  readonly count?: number;
  readonly lastSeenMs?: number;
}

/** An instance that is not listed any more, with the entry of its departure. */
export interface PastInstance {
  readonly key: string;
  readonly name: string;
  readonly last: HistoryEntry;
}

/** What happened, newest first. */
export interface History {
  readonly entries: ReadonlySignal<readonly HistoryEntry[]>;
  /** From where: the gateway's journal, or only what this page has seen itself since `sinceMs`. */
  readonly source: ReadonlySignal<'journal' | 'page'>;
  /** Before this moment nothing is recorded. */
  readonly sinceMs: ReadonlySignal<number>;
  /** Entries of one instance, newest first. */
  of(key: string): readonly HistoryEntry[];
  /** Times that an instance left within the last ten minutes. */
  leavesOf(key: string, nowMs: number): number;
  /** Records a change. */
  add(change: InstanceChange, atMs: number): void;
  /** Requests the journal of the gateway; harmless where it has none. */
  load(): Promise<void>;
}

const dayMs = 86_400_000;
const mostEntries = 5_000;
/** Viewers are left out. */
const withoutViewers = '-mode:viewer';
const leavesWithinMs = 600_000;

/** Makes a history that begins now. */
export function createHistory(client: Pick<PresenceClient, 'request' | 'serverNowMs'>): History {
  const entries = signal<readonly HistoryEntry[]>([]);
  const source = signal<'journal' | 'page'>('page');
  const sinceMs = signal(client.serverNowMs());
  const byKey = computed(() => groupedByKey(entries.value));
  let nextId = -1;
  const put = (more: readonly HistoryEntry[]): void => {
    entries.value = [...more, ...entries.peek()].slice(0, mostEntries);
  };
  return {
    entries,
    source,
    sinceMs,
    of: (key) => byKey.value.get(key) ?? [],
    leavesOf(key, nowMs) {
      const known = byKey.value.get(key);
      if (known === undefined) return 0;
      const recent = known.filter(({ at }) => nowMs - at < leavesWithinMs);
      return recent.reduce((sum, entry) => sum + leavesIn(entry), 0);
    },
    add(change, atMs) {
      const entry = entryOf(change, atMs);
      if (entry === undefined) return;
      put([{ id: nextId, ...entry }]);
      nextId -= 1;
    },
    async load() {
      const now = client.serverNowMs();
      try {
        const ask = (asked: object): Promise<JournalAnswer> => client.request('presence.journal', asked);
        // Without `since` the newest entries are sent; with it, the moment since which they are complete.
        const [{ entries: newest = [] }, { cutOffAtMs = 0 }] = await Promise.all([
          ask({ limit: mostEntries, q: withoutViewers }),
          ask({ since: Math.floor(now - dayMs), limit: 1 }),
        ]);
        const known = newest.filter(({ at }) => at >= now - dayMs).sort((a, b) => b.at - a.at || b.id - a.id);
        const latestMs = known[0]?.at ?? 0;
        const oldestMs = newest.length < mostEntries ? 0 : (known.at(-1)?.at ?? now);
        // What arrived meanwhile is in the journal as well, or newer than all of it.
        batch(() => {
          entries.value = [...entries.peek().filter(({ id, at }) => id < 0 && at > latestMs), ...known];
          source.value = 'journal';
          sinceMs.value = Math.max(cutOffAtMs, oldestMs, now - dayMs);
        });
      } catch {
        // A gateway without a journal, or a token that may not read it: the entries of this page are shown alone.
      }
    },
  };
}

interface JournalAnswer {
  readonly entries?: readonly HistoryEntry[];
  readonly cutOffAtMs?: number;
}

function groupedByKey(entries: readonly HistoryEntry[]): ReadonlyMap<string, readonly HistoryEntry[]> {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group === undefined) groups.set(entry.key, [entry]);
    else group.push(entry);
  }
  return groups;
}

function leavesIn({ kind, count = 1 }: HistoryEntry): number {
  if (kind === 'flapping') return count;
  return kind === 'left' ? 1 : 0;
}

type RowState = 'online' | 'reporting' | 'disconnected' | 'unreachable';

/** The status of a row apart from its age, by the name of the journal. */
function stateOf(row: Instance): RowState {
  if (row.unreachableSinceMs !== undefined) return 'unreachable';
  const { connections, disconnectedAtMs, reason } = row;
  if (connections === undefined) return reason === 'disconnect' ? 'disconnected' : 'online';
  if (connections > 0 || row.self) return 'online';
  return disconnectedAtMs === undefined ? 'reporting' : 'disconnected';
}

/** Facts whose change makes an entry. */
const told = ['version', 'ip', 'host', 'mode', 'platform'] as const;

/** The entry that a gateway's journal would have for a change; undefined for renewals and the like. */
function entryOf(change: InstanceChange, at: number): Omit<HistoryEntry, 'id'> | undefined {
  const { key, kind, instance } = change;
  if (isViewer(instance)) return undefined;
  const cause = (instance as { readonly cause?: HistoryEntry['cause'] }).cause;
  const host = rowName(instance);
  const base = { at, key, ...(host !== undefined && { host }), ...(cause && { cause }) };
  if (kind === 'join') return { ...base, kind: 'joined' };
  if (kind === 'leave') {
    return stateOf(instance) === 'disconnected'
      ? undefined
      : { ...base, kind: 'left', ...lastSeen(instance) };
  }
  const [before, after] = [stateOf(change.previous), stateOf(instance)];
  if (before !== after) {
    const states = { previous: { state: before }, current: { state: after } };
    if (after === 'disconnected') return { ...base, kind: 'left', ...lastSeen(instance) };
    if (after === 'unreachable' || before === 'unreachable') return { ...base, kind: 'changed', ...states };
    return { ...base, kind: before === 'disconnected' ? 'returned' : 'changed', ...states };
  }
  const { previous } = change;
  const changed = told.filter((name) => previous[name] !== instance[name]);
  if (changed.length === 0) return undefined;
  const pick = (row: Instance): Record<string, unknown> =>
    Object.fromEntries(changed.map((name) => [name, row[name]]));
  return { ...base, kind: 'changed', previous: pick(previous), current: pick(instance) };
}

function lastSeen({ ts }: Instance): { readonly lastSeenMs: number } {
  return { lastSeenMs: ts };
}

/** Instances whose last entry is newer than a day and that are not listed; latest first. */
export function pastInstances(
  entries: readonly HistoryEntry[],
  isListed: (key: string) => boolean,
  nowMs: number,
): readonly PastInstance[] {
  const seen = new Set<string>();
  const past: PastInstance[] = [];
  for (const entry of entries) {
    if (nowMs - entry.at > dayMs || seen.has(entry.key) || entry.kind.startsWith('gateway-')) continue;
    seen.add(entry.key);
    const mode = entry.previous?.['mode'] ?? entry.current?.['mode'];
    if (isListed(entry.key) || mode === 'viewer') continue;
    past.push({ key: entry.key, name: entry.host ?? entry.key, last: entry });
  }
  return past;
}
