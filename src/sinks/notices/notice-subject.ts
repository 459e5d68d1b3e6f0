import { type CauseCode, type Change, type Instant, lastInputSecondsAt } from '../../core/index.ts';
import { isDisconnected } from '../../viewer/index.ts';
import type { Standing, Subject } from './alert.ts';
import type { NoticedRow } from './notice.ts';

/** Departures that are one notice of flapping: a number of them, within a time in milliseconds (PN5, as PJ6). */
export interface FlappingBounds {
  readonly flappingLeaves: number;
  readonly flappingMs: number;
}

/** Causes that lie in the gateway of an instance: the rule `gateway-unreachable` covers them, and they end by themselves (PN5). */
export const gatewayCauses: ReadonlySet<CauseCode> = new Set(['gateway-restart', 'gateway-unreachable']);

/** The status of a listed row. */
export function standingOf(row: NoticedRow): Standing {
  if (isDisconnected(row)) return 'away';
  return row.unreachableSinceMs === undefined ? 'present' : 'unknown';
}

/** True for a removal that is no departure: the instance may still be there, or it is listed under another key. */
export function isUninformative({ trigger }: Change, standing: Standing): boolean {
  return standing === 'unknown' && (trigger === 'expired' || trigger === 'evicted');
}

/** Records a departure; true when the instance flaps, which it does until there was none for `flappingMs`. */
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

/** Seconds are rounded down: a moment up to this much later than the one before may be the same. */
const inputSlackMs = 1_500;

/** Takes the last input of a row; true when it was used since. */
export function noteInput(subject: Subject, row: NoticedRow, now: Instant): boolean {
  const seconds = lastInputSecondsAt(row, now.wallMs);
  if (seconds === undefined) return false;
  const atMonoMs = now.monoMs - seconds * 1_000;
  const before = subject.inputMonoMs;
  if (before !== undefined && atMonoMs <= before + inputSlackMs) return false;
  subject.inputMonoMs = atMonoMs;
  return before !== undefined;
}
