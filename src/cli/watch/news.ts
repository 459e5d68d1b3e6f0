import type { Instance, PresenceClient } from '../../client/index.ts';
import type { Notice } from '../../sinks/notices/notice.ts';
import { isViewer } from '../../viewer/index.ts';
import { isTimelineEntry, type TimelineEntry } from './timeline.ts';

/** What is shown beside the roster: journal entries, recent departures, open notices. */
export interface News {
  /** Since when entries are shown, milliseconds of the gateway's clock. */
  readonly sinceMs: number;
  /** True when that is the last visit of this user. */
  readonly isSinceLastVisit: boolean;
  /** Who came and went since then, oldest first; `undefined` while that is not known or for a gateway without a journal. */
  readonly entries?: readonly TimelineEntry[];
  /** Instances of the last day that are not listed, as rows at their last moment; the latest first. */
  readonly past?: readonly Instance[];
  /** Open notices; none of a gateway that has no rules. */
  readonly notices: readonly Notice[];
}

/** The time of which changes are shown without an earlier visit, milliseconds. */
const firstVisitMs = 3_600_000;

/** Departures longer ago are not named, milliseconds. */
const dayMs = 86_400_000;

/** Most entries that are read. */
const limit = 500;

/** The news before anything was read. */
export function noNews(lastVisitMs: number | undefined, nowMs: number): News {
  const isSinceLastVisit = lastVisitMs !== undefined && lastVisitMs < nowMs;
  return { sinceMs: isSinceLastVisit ? lastVisitMs : nowMs - firstVisitMs, isSinceLastVisit, notices: [] };
}

/** Requests the news from the gateway; methods that it does not serve leave the old values. Never rejects. */
export async function readNews(
  client: Pick<PresenceClient, 'request' | 'serverNowMs'>,
  news: News,
): Promise<News> {
  const kinds = ['joined', 'returned', 'left', 'removed'];
  const [entries, notices, past] = await Promise.all([
    // Viewers are left out.
    listOf(client, 'presence.journal', 'entries', { since: news.sinceMs, q: '-mode:viewer', kinds, limit }),
    listOf(client, 'notices.list', 'open', {}),
    listOf(client, 'presence.list', 'instances', { departed: Math.floor(client.serverNowMs() - dayMs) }),
  ]);
  return {
    ...news,
    ...(entries !== undefined && { entries: entries.filter(isTimelineEntry) }),
    ...(notices !== undefined && { notices: notices.filter(isNotice) }),
    ...(past !== undefined && { past: past.filter(isDeparted).flatMap(rowOfDeparted) }),
  };
}

async function listOf(
  client: Pick<PresenceClient, 'request'>,
  method: string,
  member: string,
  params: object,
): Promise<readonly unknown[] | undefined> {
  try {
    const answer = await client.request<Readonly<Record<string, unknown>>>(method, params);
    const list = answer?.[member];
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isNotice(value: unknown): value is Notice {
  const notice = value as Partial<Notice> | null;
  return (
    typeof notice?.noticeId === 'string' &&
    typeof notice.rule === 'string' &&
    typeof notice.when === 'string' &&
    typeof notice.sinceMs === 'number' &&
    typeof notice.subject?.key === 'string'
  );
}

/** A row that left, as a gateway lists it. */
type Departed = Instance & { readonly leftAtMs: number; readonly lastSeenMs: number };

function isDeparted(value: unknown): value is Departed {
  const row = value as Partial<Departed> | null;
  return (
    typeof row?.key === 'string' && typeof row.leftAtMs === 'number' && typeof row.lastSeenMs === 'number'
  );
}

/** The row as it would be listed had it stayed; `undefined` for a viewer. */
function rowOfDeparted({ leftAtMs, lastSeenMs, ...row }: Departed): readonly Instance[] {
  if (isViewer(row)) return [];
  return [{ ...row, ts: lastSeenMs, reason: 'disconnect', disconnectedAtMs: leftAtMs, connections: 0 }];
}

/** The time of which leaves are counted, milliseconds. */
const leavesWithinMs = 600_000;

/** How often each instance left within that time. */
export function leavesIn({ entries = [] }: News, nowMs: number): ReadonlyMap<string, number> {
  const leaves = new Map<string, number>();
  for (const { kind, key, at } of entries)
    if (kind === 'left' && nowMs - at < leavesWithinMs) leaves.set(key, (leaves.get(key) ?? 0) + 1);
  return leaves;
}
