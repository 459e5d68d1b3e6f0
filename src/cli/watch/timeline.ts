import type { PresenceClient } from '../../client/index.ts';
import { englishWords } from '../../viewer/index.ts';
import { clockText, dateText, oneLine } from '../text-format.ts';
import { padTo } from '../text-table.ts';
import { wrapLine } from '../wrap-line.ts';
import type { Paint } from './paint.ts';

/** One entry of the gateway's journal, as far as it is shown. */
export interface TimelineEntry {
  /** Milliseconds since the epoch, by the gateway's clock. */
  readonly at: number;
  readonly kind: string;
  readonly key: string;
  readonly host?: string;
  readonly cause?: { readonly code: string };
}

/** What is known of who came and went. */
export type Timeline =
  | { readonly phase: 'loading' }
  | { readonly phase: 'failed'; readonly message: string }
  | { readonly phase: 'read'; readonly entries: readonly TimelineEntry[] };

/** So many of the latest entries are shown. */
const limit = 200;

/** Requests from the gateway who came and went; of one row, or of all of them. Never rejects. */
export async function readTimeline(client: PresenceClient, key: string | undefined): Promise<Timeline> {
  try {
    const who = key === undefined ? {} : { who: key };
    const answer = await client.request<{ entries?: unknown }>('presence.journal', { ...who, limit });
    const entries = Array.isArray(answer?.entries) ? answer.entries.filter(isTimelineEntry) : [];
    return { phase: 'read', entries: entries.toSorted((a, b) => b.at - a.at) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { phase: 'failed', message: oneLine(message) };
  }
}

/** The timeline, latest first: when, what, who and why. */
export function timelineLines(options: {
  readonly timeline: Timeline;
  readonly width: number;
  /** The gateway's clock. */
  readonly nowMs: number;
  readonly paint: Paint;
}): readonly string[] {
  const { timeline, width, nowMs, paint } = options;
  if (timeline.phase === 'loading') return ['  Loading…'];
  if (timeline.phase === 'failed')
    return wrapLine(`This gateway has no timeline: ${timeline.message}`, width - 2).map(
      (line) => `  ${line}`,
    );
  if (timeline.entries.length === 0) return ['  Nothing has happened yet.'];
  return timeline.entries.flatMap((entry) => {
    const head = `  ${momentText(entry.at, nowMs)}  `;
    const [first = '', ...more] = wrapLine(entryText(entry), Math.max(10, width - head.length));
    return [paint('dim', head) + first, ...more.map((line) => ' '.repeat(head.length) + line)];
  });
}

function entryText({ kind, host, key, cause }: TimelineEntry): string {
  const why = cause === undefined ? [] : [causeWord(cause.code)];
  return [`${padTo(oneLine(kind), 8)} ${oneLine(host ?? key)}`, ...why].join(' · ');
}

function causeWord(code: string): string {
  const words: Readonly<Record<string, string>> = englishWords.causes;
  return Object.hasOwn(words, code) ? (words[code] ?? code) : oneLine(code);
}

/** The time; with the day when that is another one. */
function momentText(at: number, nowMs: number): string {
  return new Date(at).toDateString() === new Date(nowMs).toDateString() ? clockText(at) : dateText(at);
}

/** True for what can be shown as an entry; gateways of other versions may send more. */
export function isTimelineEntry(value: unknown): value is TimelineEntry {
  const entry = value as Partial<TimelineEntry> | null;
  return typeof entry?.at === 'number' && typeof entry.kind === 'string' && typeof entry.key === 'string';
}
