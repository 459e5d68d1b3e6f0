import type { ClientState, Instance, RosterSnapshot } from '../../client/index.ts';
import { englishSections, readQuery } from '../../viewer/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { nameOf } from '../row-text.ts';
import { oneLine, spanText } from '../text-format.ts';
import { cutTo, padTo } from '../text-table.ts';
import { hangLine, wrapLine } from '../wrap-line.ts';
import { detailPane } from './detail-pane.ts';
import { headLines } from './head-lines.ts';
import { helpLines } from './help-text.ts';
import { listPane } from './list-pane.ts';
import type { News } from './news.ts';
import { noticesPane } from './notices-pane.ts';
import { overviewLines, type Survey } from './overview.ts';
import type { Paint } from './paint.ts';
import type { TerminalSize } from './terminal.ts';
import { type Timeline, timelineLines } from './timeline.ts';
import {
  type ListedKeys,
  noKeys,
  selectedIndexOf,
  topFor,
  type ViewContext,
  type ViewState,
} from './view-state.ts';
import type { SectionSpan, WatchedRows } from './watched-rows.ts';

/** What a frame is drawn from. */
export interface FrameOptions {
  readonly view: ViewState;
  readonly link: ClientState;
  readonly roster: Pick<RosterSnapshot, 'live' | 'asOfMs' | 'maxEntries' | 'truncated'>;
  /** The rows of the view. */
  readonly rows: WatchedRows;
  /** One row of the roster, whether it is in the view or not. */
  readonly get: (key: string) => Instance | undefined;
  readonly timeline: Timeline;
  readonly news: News;
  readonly survey: Survey;
  /** The result of the last key press, for the line at the bottom. */
  readonly notice?: string | undefined;
  readonly target: GatewayTarget;
  readonly size: TerminalSize;
  /** The gateway's clock. */
  readonly serverNowMs: number;
  /** This computer's clock. */
  readonly localNowMs: number;
  readonly paint: Paint;
}

/** The lines of a screen, and the context in which the next key press is interpreted. */
export interface Frame {
  readonly lines: readonly string[];
  readonly context: ViewContext;
  /** The view with the list scrolled so that the cursor is visible. */
  readonly view: ViewState;
}

/** The smallest terminal in which status and host fit. */
const leastSize: TerminalSize = { columns: 30, rows: 4 };

/** Draws the whole screen. Every line fits its width, and there are no more lines than rows. */
export function drawFrame(options: FrameOptions): Frame {
  const { view, size, roster, rows } = options;
  if (size.columns < leastSize.columns || size.rows < leastSize.rows) return tooSmall(options);
  // Rows that are not live are shown as they were at their moment.
  const nowMs = roster.asOfMs ?? options.serverNowMs;
  const head = [...headLines({ ...options, width: size.columns }), ...overviewOf(options, nowMs)];
  const keys: ListedKeys = {
    count: rows.count,
    keyAt: (index) => rows.at(index)?.key,
    indexOf: (key) => rows.indexOf(options.get(key)),
  };
  const bodyRows = Math.max(1, size.rows - head.length - 1);
  const body = bodyOf({ ...options, keys, bodyRows, nowMs });
  const filled = Array.from({ length: bodyRows }, (_, index) => body.lines[index] ?? '');
  const { top = view.top, scrollMax = 0 } = body;
  const noticeCount = options.news.notices.length;
  const context = { keys, pageRows: Math.max(1, bodyRows - 1), noticeCount, scrollMax };
  const lines = [...head, ...filled, footLine(options, body)].slice(0, size.rows);
  return { lines, context, view: { ...view, top, scroll: Math.min(view.scroll, scrollMax) } };
}

/** From so many lines on the overview is shown above the list, and the list has titles of sections. */
export const overviewRows = 16;

function overviewOf(options: FrameOptions, nowMs: number): readonly string[] {
  const { view, size, roster, survey, news, paint } = options;
  if (size.rows < overviewRows || (view.pane !== 'list' && view.pane !== 'filter')) return [];
  if (!roster.live && roster.asOfMs === undefined) return [];
  const isFull = roster.truncated === true;
  return overviewLines({ survey, news, isFull, nowMs, width: size.columns, paint });
}

function tooSmall({ view, size }: FrameOptions): Frame {
  const wanted = `Needs ${leastSize.columns} by ${leastSize.rows}. q quits.`;
  const lines = wrapLine(wanted, size.columns).slice(0, size.rows);
  return { lines, view, context: { keys: noKeys, pageRows: 1, noticeCount: 0, scrollMax: 0 } };
}

interface BodyOptions extends FrameOptions {
  readonly keys: ListedKeys;
  readonly bodyRows: number;
  readonly nowMs: number;
}

interface Body {
  readonly lines: readonly string[];
  readonly top?: number;
  readonly scrollMax?: number;
  /** Where the cursor is in a list that is longer than the screen. */
  readonly place?: string;
}

function bodyOf(options: BodyOptions): Body {
  const { view, size, rows, nowMs, paint, roster, keys } = options;
  const selected = selectedIndexOf(view, keys);
  if (view.pane === 'help') {
    const lines = helpLines.flatMap((line) => hangLine(line, size.columns));
    return scrolled(['', ...lines], options);
  }
  if (view.pane === 'timeline') {
    const { timeline } = options;
    return scrolled(['', ...timelineLines({ timeline, width: size.columns, nowMs, paint })], options);
  }
  if (view.pane === 'notices') {
    const { news, bodyRows } = options;
    const { notices } = news;
    const chosen = Math.max(0, Math.min(view.noticeIndex, notices.length - 1));
    return {
      lines: noticesPane({ notices, selected: chosen, rows: bodyRows, nowMs, width: size.columns, paint }),
    };
  }
  const row = rows.at(selected);
  if (row === undefined) return { lines: ['', ...wrapLine(`  ${emptyText(options)}`, size.columns)] };
  if (view.pane === 'detail') {
    const lines = detailPane({ row, nowMs, width: size.columns, live: roster.live, paint });
    const isGone = view.selectedKey !== undefined && row.key !== view.selectedKey;
    return scrolled(
      [isGone ? '  The row that was here is gone. This is its neighbour.' : '', ...lines],
      options,
    );
  }
  return listBody(options, selected);
}

function listBody(options: BodyOptions, selected: number): Body {
  const { rows, view, bodyRows, size, roster, paint, nowMs } = options;
  const below = foldedLine(options);
  const pageRows = Math.max(1, bodyRows - 1 - below.length);
  const { spans } = rows;
  const top = topFor({ top: view.top, selected, count: rows.count, pageRows, spans });
  const { order } = view;
  const { shown, names } = inSight({ rows: rows.slice(top, pageRows), top, spans, pageRows });
  const lines = listPane({
    rows: shown,
    names,
    selected: selected - top,
    width: size.columns,
    order,
    nowMs,
    live: roster.live,
    paint,
  });
  const room = Math.max(0, bodyRows - lines.length - below.length);
  return {
    lines: [...lines, ...Array<string>(room).fill(''), ...below],
    top,
    ...(rows.count > pageRows && { place: `  ${selected + 1}/${rows.count}` }),
  };
}

/** The rows that fit with the names of their sections; that of the first one is always shown. */
function inSight(options: {
  readonly rows: readonly Instance[];
  readonly top: number;
  readonly spans: readonly SectionSpan[];
  readonly pageRows: number;
}): { readonly shown: readonly Instance[]; readonly names: ReadonlyMap<number, string> } {
  const { rows, top, spans, pageRows } = options;
  const names = new Map<number, string>();
  let lines = 0;
  for (const index of rows.keys()) {
    const at = top + index;
    const span = spans.find(({ from, count }) => from <= at && at < from + count);
    if (span !== undefined && (index === 0 || span.from === at)) {
      // A title without a row below it is left out.
      if (lines + 2 > pageRows && index > 0) return { shown: rows.slice(0, index), names };
      names.set(index, `${sectionName(span.section)} ${span.count}`);
      lines += 1;
    }
    lines += 1;
    if (lines > pageRows) {
      names.delete(index);
      return { shown: rows.slice(0, Math.max(1, index)), names };
    }
  }
  return { shown: rows, names };
}

function sectionName(section: string): string {
  if (section.startsWith('owner ')) return oneLine(section.slice('owner '.length));
  return Object.hasOwn(englishSections, section)
    ? englishSections[section as keyof typeof englishSections]
    : section;
}

/** Most disconnected rows that are named. */
const goneNames = 3;

/** The line of folded rows: viewers, and those that left today with when each was last seen. */
function foldedLine({ rows, size, nowMs, paint }: BodyOptions): readonly string[] {
  const { viewers, past } = rows.folded;
  const names = past.slice(0, goneNames).map((row) => `${nameOf(row)} ${spanOf(nowMs - row.ts)} ago`);
  const gone = [...names, ...(past.length > goneNames ? [`+${past.length - goneNames}`] : [])].join(', ');
  const parts = [
    ...(viewers > 0 ? [`▸ ${englishSections.viewers} ${viewers}`] : []),
    ...(past.length > 0 ? [`▸ ${englishSections.past} ${past.length}: ${gone}`] : []),
  ];
  return parts.length === 0 ? [] : [paint('dim', cutTo(`${parts.join('  ')}  (v)`, size.columns))];
}

function spanOf(ms: number): string {
  return spanText(Math.max(0, ms) / 1_000).split(' ')[0] ?? '';
}

function emptyText({ view, rows, link }: FrameOptions): string {
  const { error } = readQuery(view.filter);
  if (error !== undefined) return `${error.message}. Esc shows all instances.`;
  if (rows.total > 0) return `No instances match “${view.filter}”. Esc shows all instances.`;
  return link.phase === 'connected'
    ? 'No instances yet. New clients show up here instantly.'
    : 'Nothing is known yet.';
}

function scrolled(lines: readonly string[], { view, bodyRows }: BodyOptions): Body {
  const scrollMax = Math.max(0, lines.length - bodyRows);
  const from = Math.min(view.scroll, scrollMax);
  return { lines: lines.slice(from, from + bodyRows), scrollMax };
}

function footLine(
  { view, link, size, paint, notice }: FrameOptions,
  { scrollMax = 0, place = '' }: Body,
): string {
  if (view.pane === 'filter') return cutTo(`/${view.filter}▏`, size.columns);
  if (notice !== undefined) return paint('dim', cutTo(notice, size.columns));
  const retry = link.phase === 'refused' ? 'r retry  ' : '';
  const below = scrollMax - Math.min(view.scroll, scrollMax);
  const scroll = scrollMax === 0 ? '' : `  ↑↓ scroll${below > 0 ? ` (${below} more below)` : ''}`;
  const keys = {
    list: `${retry}q quit  ? help  Enter details  / filter  s sort  t timeline  n notices`,
    detail: `${retry}Esc back  q quit${scroll}  ←→ other rows  t timeline  y copy`,
    timeline: `Esc back  q quit${scroll}`,
    notices: 'Esc back  q quit  a acknowledge',
    help: `Esc back  q quit${scroll}`,
  }[view.pane];
  return paint('dim', padTo(keys, size.columns - place.length) + place);
}
