import { type CauseCode, type Change, type Instant, lastInputSecondsAt } from '../../core/index.ts';
import { isDisconnected } from '../../viewer/index.ts';
import type { Standing, Subject } from './alert.ts';
import type { NoticedRow } from './notice.ts';

/** Departures that are one notice: so many within so many milliseconds (PN5, as PJ6). */
export interface FlappingBounds {
  readonly flappingLeaves: number;
  readonly flappingMs: number;
}

/** What happened to an instance because of its gateway: it is a matter of `gateway-unreachable`, and comes back by itself (PN5). */
export const gatewayCauses: ReadonlySet<CauseCode> = new Set(['gateway-restart', 'gateway-unreachable']);

/** How a listed row stands. */
export function standingOf(row: NoticedRow): Standing {
  if (isDisconnected(row)) return 'away';
  return row.unreachableSinceMs === undefined ? 'present' : 'unknown';
}

/** True for a removal that says nothing of the instance: nobody can tell, or it is listed under another key. */
export function isUninformative({ trigger }: Change, standing: Standing): boolean {
  return standing === 'unknown' && (trigger === 'expired' || trigger === 'evicted');
}

/** Notes a departure; true when the instance flaps: it goes on to until there was none for `flappingMs`. */
export function noteDeparture(subject: Subject, monoMs: number, bounds: FlappingBounds): boolean {
  subject.departures ??= [];
  subject.departures.push(monoMs);
  if (subject.departures.length > bounds.flappingLeaves) subject.departures.shift();
  const first = subject.departures[0] ?? monoMs;
  const isOften = subject.departures.length === bounds.flappingLeaves && monoMs - first <= bounds.flappingMs;
  if (!isOften && subject.flapsUntilMonoMs <= monoMs) return false;
  subject.flapsUntilMonoMs = monoMs + bounds.flappingMs;
  return true;
}

/** Seconds are rounded down: a moment so much later than the one before may be the same. */
const inputSlackMs = 1_500;

/** Takes the last input of a row; true when somebody used it since. */
export function noteInput(subject: Subject, row: NoticedRow, now: Instant): boolean {
  const seconds = lastInputSecondsAt(row, now.wallMs);
  if (seconds === undefined) return false;
  const atMonoMs = now.monoMs - seconds * 1_000;
  const before = subject.inputMonoMs;
  if (before !== undefined && atMonoMs <= before + inputSlackMs) return false;
  subject.inputMonoMs = atMonoMs;
  return before !== undefined;
}
