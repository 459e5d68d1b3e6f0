import type { ClientState, RosterSnapshot } from '../../client/index.ts';
import { statusAt } from '../../client/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { oneLine } from '../one-line.ts';
import { cutTo, padTo } from '../text-table.ts';
import { wrapLine } from '../wrap-line.ts';
import { clockText } from './clock-text.ts';
import { linkText } from './link-text.ts';
import type { Paint } from './paint.ts';
import type { ViewState } from './view-state.ts';

/** What the lines above every pane are drawn from. */
export interface HeadOptions {
  readonly view: ViewState;
  readonly link: ClientState;
  readonly roster: RosterSnapshot;
  readonly target: GatewayTarget;
  readonly width: number;
  /** Rows that pass the filter. */
  readonly found: number;
  /** The gateway's clock. */
  readonly serverNowMs: number;
  /** The gateway's clock, or the moment that the rows are from. */
  readonly nowMs: number;
  /** This computer's clock. */
  readonly localNowMs: number;
  readonly paint: Paint;
}

/** Lines of an explanation that may push the rows down. */
const explanationLines = 3;

/** How the connection fares and the time, why if it fares badly, then how many rows there are. */
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

function countLine({ roster, view, found, nowMs }: HeadOptions): string {
  const { instances, truncated, maxEntries = instances.length } = roster;
  const counts = { active: 0, idle: 0, stale: 0 };
  for (const row of instances) counts[statusAt(row, nowMs)] += 1;
  const total = `${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`;
  const shares = `${counts.active} active, ${counts.idle} idle, ${counts.stale} stale`;
  if (instances.length === 0 && !roster.live) return '';
  const order = `by ${view.order.by}${view.order.reversed ? ', reversed' : ''}`;
  const filter = view.filter === '' ? [] : [`${found} with “${oneLine(view.filter)}”`];
  const full = truncated ? [`full at ${maxEntries}: the oldest rows were dropped`] : [];
  return [`${total}: ${shares}`, ...full, ...filter, order].join('  ·  ');
}
