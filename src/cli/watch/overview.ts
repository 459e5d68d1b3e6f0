import type { Instance } from '../../client/index.ts';
import { type Attention, attentionOf, englishWords, presenceStateOf } from '../../viewer/index.ts';
import { nameOf } from '../row-text.ts';
import { oneLine, spanText } from '../text-format.ts';
import { cutTo } from '../text-table.ts';
import type { News } from './news.ts';
import type { Paint } from './paint.ts';
import type { TimelineEntry } from './timeline.ts';

/** The rows that the overview names, at a moment. */
export interface Survey {
  /** Disconnected, the latest first. */
  readonly left: readonly Instance[];
  /** Without recent updates: unreachable, stale or idle, in this order. */
  readonly quiet: readonly Instance[];
  /** Online, but with a full processor, memory or disk, or leaving again and again. */
  readonly strained: readonly { readonly row: Instance; readonly attention: Attention }[];
}

const gravity = ['unreachable', 'stale', 'idle'];

/** Collects those rows; viewers and muted rows need no attention. */
export function surveyOf(
  rows: readonly Instance[],
  nowMs: number,
  leavesOf: (key: string) => number = () => 0,
): Survey {
  const left: Instance[] = [];
  const strained: { readonly row: Instance; readonly attention: Attention }[] = [];
  const quiet: { readonly row: Instance; readonly rank: number }[] = [];
  for (const row of rows) {
    if (row.mode === 'viewer' || row.annotations?.mute === true) continue;
    const state = presenceStateOf(row, nowMs);
    if (state === 'disconnected') left.push(row);
    else if (gravity.includes(state)) quiet.push({ row, rank: gravity.indexOf(state) });
    else {
      const attention = attentionOf(row, { state, nowMs, leaves: leavesOf(row.key) });
      if (attention !== undefined) strained.push({ row, attention });
    }
  }
  left.sort((a, b) => (b.disconnectedAtMs ?? b.ts) - (a.disconnectedAtMs ?? a.ts));
  quiet.sort((a, b) => a.rank - b.rank || a.row.ts - b.row.ts);
  return { left, quiet: quiet.map(({ row }) => row), strained };
}

/** Input of the overview. */
export interface OverviewOptions {
  readonly survey: Survey;
  readonly news: News;
  /** True when the roster is full and rows were dropped. */
  readonly isFull: boolean;
  readonly nowMs: number;
  readonly width: number;
  readonly paint: Paint;
}

/** Most names in a line; the others are counted. */
const maxNames = 6;

/** Three lines: what changed since the last visit, who left, and what is wrong. */
export function overviewLines(options: OverviewOptions): readonly string[] {
  const { survey, news, nowMs, width, paint } = options;
  const left = survey.left.map((row) => {
    const code = row.cause === undefined ? '' : ` (${englishWords.causes[row.cause.code].toLowerCase()})`;
    return `${nameOf(row)} ${ago(row.disconnectedAtMs ?? row.ts, nowMs)}${code}`;
  });
  const wrong = problemsOf(options);
  const lines: readonly (readonly [Parameters<Paint>[0], string])[] = [
    ['reset', sinceText(news, nowMs)],
    ['reset', left.length === 0 ? 'Nobody left' : `Just left: ${shortened(left)}`],
    wrong.length === 0
      ? ['green', left.length === 0 ? 'All good' : 'Otherwise all good']
      : ['yellow', `Needs attention: ${wrong.join(' · ')}`],
  ];
  return lines.map(([style, text]) => paint(style, cutTo(text, width)));
}

function sinceText({ sinceMs, isSinceLastVisit, entries }: News, nowMs: number): string {
  const span = spanText((nowMs - sinceMs) / 1_000);
  const since = isSinceLastVisit ? `Since you last looked, ${span} ago` : 'In the last hour';
  if (entries === undefined) return `${since}: this gateway tells nothing of the past`;
  const { joined, left, both } = movesOf(entries);
  const parts = [
    joined.length === 0 ? '' : `joined: ${shortened(joined)}`,
    left.length === 0 ? '' : `left: ${shortened(left)}`,
    both.length === 0 ? '' : `came and went: ${shortened(both)}`,
  ].filter((part) => part !== '');
  return `${since}: ${parts.join(' · ') || 'nobody came or went'}`;
}

/** Who came, who went, and who did both, by name; each instance once, the latest first. */
function movesOf(entries: readonly TimelineEntry[]): Readonly<Record<'joined' | 'left' | 'both', string[]>> {
  const moves = new Map<string, { readonly isFirstIn: boolean; readonly entry: TimelineEntry }>();
  for (const entry of entries) {
    const isFirstIn = moves.get(entry.key)?.isFirstIn ?? isIn(entry);
    moves.delete(entry.key);
    moves.set(entry.key, { isFirstIn, entry });
  }
  const found = { joined: [] as string[], left: [] as string[], both: [] as string[] };
  for (const { isFirstIn, entry } of [...moves.values()].reverse()) {
    const which = isIn(entry) === isFirstIn ? (isFirstIn ? 'joined' : 'left') : 'both';
    found[which].push(oneLine(entry.host ?? entry.key, 40));
  }
  return found;
}

function isIn({ kind }: TimelineEntry): boolean {
  return kind === 'joined' || kind === 'returned';
}

function problemsOf({ survey, news, isFull, nowMs }: OverviewOptions): readonly string[] {
  const open = news.notices.filter(({ acknowledgedAtMs }) => acknowledgedAtMs === undefined).length;
  const quiet = survey.quiet.map((row) => {
    const word = englishWords.states[presenceStateOf(row, nowMs)].toLowerCase();
    return `${nameOf(row)} ${word} ${ago(row.unreachableSinceMs ?? row.ts, nowMs)}`;
  });
  const strained = survey.strained.map(({ row, attention }) => `${nameOf(row)} ${strainText(attention)}`);
  return [
    ...(open === 0 ? [] : [`${open} notice${open === 1 ? '' : 's'} (n)`]),
    ...(isFull ? ['the roster is full'] : []),
    ...(quiet.length === 0 ? [] : [shortened(quiet)]),
    ...(strained.length === 0 ? [] : [shortened(strained)]),
  ];
}

const shareWords = { cpu: 'CPU', memory: 'memory', disk: 'disk' } as const;

function strainText(attention: Attention): string {
  if (attention.why === 'flapping') return `dropped ${attention.leaves} times`;
  if (attention.why !== 'load') return attention.why;
  const { name, share } = attention.share;
  return `${shareWords[name]} ${Math.floor(share * 100)}%`;
}

function ago(sinceMs: number, nowMs: number): string {
  return spanText(Math.max(0, nowMs - sinceMs) / 1_000).split(' ')[0] ?? '';
}

function shortened(texts: readonly string[]): string {
  const shown = texts.slice(0, maxNames).join(', ');
  return texts.length <= maxNames ? shown : `${shown}, +${texts.length - maxNames}`;
}
