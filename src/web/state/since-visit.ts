import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { History, HistoryEntry } from './history.ts';
import type { KeyValues } from './storage.ts';

/** What happened to the instances between two moments, one kind for each of them. */
export interface Net {
  readonly fromMs: number;
  readonly joined: readonly HistoryEntry[];
  readonly left: readonly HistoryEntry[];
  readonly updated: readonly HistoryEntry[];
  /** Left and came back, or came and left. */
  readonly flickered: readonly HistoryEntry[];
}

/** What changed since the last visit to this page. */
export interface SinceVisit {
  /** Undefined when nothing happened, or there was no visit before. */
  readonly net: ReadonlySignal<Net | undefined>;
  /** Marks it as seen. */
  markSeen(): void;
  close(): void;
}

/** A shorter absence does not end a visit, milliseconds. */
const shortestAwayMs = 60_000;
/** How often a visible page stores the time of the visit, milliseconds. */
const noteEveryMs = 15_000;

/** Follows whether the page is visible. */
export function createSinceVisit(deps: {
  readonly history: Pick<History, 'entries'>;
  readonly kept: KeyValues;
  readonly document: Document;
  readonly serverNowMs: () => number;
  /** Since when the page is hidden; undefined while it is visible. */
  readonly hiddenSinceMs?: number | undefined;
}): SinceVisit {
  const { history, kept, document, serverNowMs, hiddenSinceMs } = deps;
  const before = Number(kept.get('lookedAt'));
  const away = signal<{ readonly fromMs: number; readonly untilMs: number } | undefined>(
    before > 0 ? { fromMs: before, untilMs: Number.POSITIVE_INFINITY } : undefined,
  );
  let hiddenMs = hiddenSinceMs;
  const note = (): void => {
    if (!document.hidden) kept.set('lookedAt', String(serverNowMs()));
  };
  const look = (): void => {
    const now = serverNowMs();
    if (document.hidden) {
      hiddenMs = now;
      kept.set('lookedAt', String(now));
    } else if (hiddenMs !== undefined && now - hiddenMs >= shortestAwayMs) {
      away.value = { fromMs: hiddenMs, untilMs: now };
    }
  };
  const timer = setInterval(() => {
    // What happens after the beginning of a visit is seen as it happens.
    const { fromMs, untilMs } = away.peek() ?? {};
    if (fromMs !== undefined && untilMs === Number.POSITIVE_INFINITY)
      away.value = { fromMs, untilMs: serverNowMs() };
    note();
  }, noteEveryMs);
  document.addEventListener('visibilitychange', look);
  return {
    net: computed(() => {
      if (away.value === undefined) return undefined;
      const net = netOf(history.entries.value, away.value.fromMs, away.value.untilMs);
      return net.joined.length + net.left.length + net.updated.length + net.flickered.length > 0
        ? net
        : undefined;
    }),
    markSeen() {
      away.value = undefined;
      note();
    },
    close() {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    },
  };
}

const comes: ReadonlySet<string> = new Set(['joined', 'returned']);
const goes: ReadonlySet<string> = new Set(['left', 'removed', 'flapping']);

/** Combines the entries between two moments: an instance that left and came back neither left nor joined. */
export function netOf(entries: readonly HistoryEntry[], fromMs: number, untilMs: number): Net {
  const spans = new Map<string, { readonly last: HistoryEntry; first: HistoryEntry }>();
  const updated = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    if (entry.at <= fromMs || entry.at > untilMs) continue;
    if (entry.kind === 'changed' && entry.current?.['version'] !== undefined) {
      if (!updated.has(entry.key)) updated.set(entry.key, entry);
    }
    if (!comes.has(entry.kind) && !goes.has(entry.kind)) continue;
    const span = spans.get(entry.key);
    if (span === undefined) spans.set(entry.key, { last: entry, first: entry });
    else span.first = entry;
  }
  const joined: HistoryEntry[] = [];
  const left: HistoryEntry[] = [];
  const flickered: HistoryEntry[] = [];
  for (const { first, last } of spans.values()) {
    const [cameFirst, cameLast] = [comes.has(first.kind), comes.has(last.kind)];
    if (cameFirst === cameLast) (cameLast ? joined : left).push(last);
    else flickered.push(last);
  }
  const fresh = new Set([...joined, ...left].map(({ key }) => key));
  return {
    fromMs,
    joined,
    left,
    updated: [...updated.values()].filter(({ key }) => !fresh.has(key)),
    flickered,
  };
}
