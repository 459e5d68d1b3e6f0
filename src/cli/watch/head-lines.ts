import type { ClientState, RosterSnapshot } from '../../client/index.ts';
import { englishWords } from '../../viewer/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { clockText, oneLine } from '../text-format.ts';
import { cutTo, padTo } from '../text-table.ts';
import { wrapLine } from '../wrap-line.ts';
import { linkText } from './link-text.ts';
import type { Paint } from './paint.ts';
import type { ViewState } from './view-state.ts';
import type { WatchedRows } from './watched-rows.ts';

/** Input of the lines above every pane. */
export interface HeadOptions {
  readonly view: ViewState;
  readonly link: ClientState;
  readonly roster: Pick<RosterSnapshot, 'live' | 'asOfMs' | 'maxEntries' | 'truncated'>;
  readonly rows: Pick<WatchedRows, 'count' | 'total' | 'counts'>;
  readonly target: GatewayTarget;
  readonly width: number;
  /** The gateway's clock. */
  readonly serverNowMs: number;
  /** This computer's clock. */
  readonly localNowMs: number;
  readonly paint: Paint;
}

/** Most lines of an explanation above the rows. */
const explanationLines = 3;

/** State of the connection and the time, the problem if there is one, then the number of rows. */
export function headLines(options: HeadOptions): readonly string[] {
  const { link, target, localNowMs, width, paint } = options;
  const { status, colour, explanation = '' } = linkText(link, target, localNowMs);
  const clock = clockOf(options);
  const line = padTo(`rollcall  ${status}  ${target.url}`, width - clock.length - 2);
  const statusEnd = 'rollcall  '.length + status.length;
  const title =
    paint('bold', line.slice(0, 8)) + paint(colour, line.slice(8, statusEnd)) + line.slice(statusEnd);
  const why = explanation === '' ? [] : wrapLine(explanation, width).slice(0, explanationLines);
  return [
    `${title}  ${clock}`,
    ...why.map((text) => paint(colour, text)),
    paint('dim', cutTo(countLine(options), width)),
  ];
}

function clockOf({ roster, serverNowMs }: HeadOptions): string {
  if (roster.live) return clockText(serverNowMs);
  return roster.asOfMs === undefined ? '' : `as of ${clockText(roster.asOfMs)}`;
}

function countLine({ roster, rows, view }: HeadOptions): string {
  const { truncated, maxEntries = rows.total } = roster;
  if (rows.total === 0 && !roster.live) return '';
  const shares = rows.counts.map(([state, count]) => `${count} ${englishWords.states[state].toLowerCase()}`);
  const total = rows.total === 0 ? ['no instances'] : [shares.join(', ')];
  const filter = view.filter === '' ? [] : [`${rows.count} of ${rows.total} match “${oneLine(view.filter)}”`];
  const full = truncated ? [`full at ${maxEntries}: the oldest rows were dropped`] : [];
  const order = `by ${englishWords.sorts[view.order.by].toLowerCase()}${view.order.descending ? ', reversed' : ''}`;
  return [...filter, ...total, ...full, order].join('  ·  ');
}
