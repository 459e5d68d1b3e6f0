import type { PresenceClient } from '../../client/index.ts';
import type { Notice } from '../../sinks/notices/notice.ts';
import { isTimelineEntry, type TimelineEntry } from './timeline.ts';

/** What happened and what is wrong, beside the roster. */
export interface News {
  /** Since when entries are shown, milliseconds of the gateway's clock. */
  readonly sinceMs: number;
  /** True when that is the last time this user looked. */
  readonly isLastLook: boolean;
  /** Who came and went since then, oldest first; `undefined` while that is not known or for a gateway without a journal. */
  readonly entries?: readonly TimelineEntry[];
  /** Open notices; none of a gateway that has no rules. */
  readonly notices: readonly Notice[];
}

/** Without an earlier look changes are shown for so long, milliseconds. */
const firstLookMs = 3_600_000;

/** Most entries that are read. */
const limit = 500;

/** The news before anything was read. */
export function noNews(lastLookMs: number | undefined, nowMs: number): News {
  const isLastLook = lastLookMs !== undefined && lastLookMs < nowMs;
  return { sinceMs: isLastLook ? lastLookMs : nowMs - firstLookMs, isLastLook, notices: [] };
}

/** Asks the gateway; what it does not know stays as it was. Never rejects. */
export async function readNews(client: Pick<PresenceClient, 'request'>, news: News): Promise<News> {
  const kinds = ['joined', 'returned', 'left', 'removed'];
  const [entries, notices] = await Promise.all([
    // Who only watches is no news.
    listOf(client, 'presence.journal', 'entries', { since: news.sinceMs, q: '-mode:viewer', kinds, limit }),
    listOf(client, 'notices.list', 'open', {}),
  ]);
  return {
    ...news,
    ...(entries !== undefined && { entries: entries.filter(isTimelineEntry) }),
    ...(notices !== undefined && { notices: notices.filter(isNotice) }),
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
