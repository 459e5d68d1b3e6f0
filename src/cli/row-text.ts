import { ageMs, type ListedRow, lastInputSecondsAt } from '../core/index.ts';
import { englishWords, modeWord, type PresenceState, presenceStateOf, rowName } from '../viewer/index.ts';
import { oneLine, spanText } from './text-format.ts';

/** Shape of each state, in every command (PS3, PS5). */
export const stateShapes: Readonly<Record<PresenceState, string>> = {
  online: '●',
  reporting: '◉',
  idle: '◐',
  stale: '○',
  disconnected: '✕',
  unreachable: '◌',
};

/** Colour of each state; it adds nothing to {@link stateText}. */
export const stateColours: Readonly<Record<PresenceState, 'green' | 'yellow' | 'gray' | 'red'>> = {
  online: 'green',
  reporting: 'green',
  idle: 'yellow',
  stale: 'gray',
  disconnected: 'red',
  unreachable: 'yellow',
};

/** State of a row at `nowMs` by shape and word, and how long where that means something (PS5): `● online`, `✕ disconnected 52s`. */
export function stateText(row: ListedRow, nowMs: number): string {
  const state = presenceStateOf(row, nowMs);
  const shape = stateShapes[state];
  const sinceMs = state === 'disconnected' ? (row.disconnectedAtMs ?? row.ts) : row.ts;
  const [span = ''] = spanText(Math.max(0, nowMs - sinceMs) / 1000).split(' ');
  if (state === 'disconnected' || state === 'idle' || state === 'stale') return `${shape} ${state} ${span}`;
  return `${shape} ${state}`;
}

/** The name of a row for people: the operator's name for it, its host, else the first id that it has. */
export function nameOf(row: ListedRow): string {
  return oneLine(rowName(row) ?? 'unnamed');
}

/** Time since the last input at `nowMs`, the gateway's clock (PS4); empty when it is not known. */
export function lastInputText(row: ListedRow, nowMs: number): string {
  const seconds = lastInputSecondsAt(row, nowMs);
  return seconds === undefined ? '' : `${spanText(seconds)} ago`;
}

/** Time since the gateway received something from the row, at `nowMs` of its clock; the gateway itself is always fresh (PR2). */
export function lastSeenText(row: ListedRow, nowMs: number): string {
  return `${spanText(row.self ? 0 : ageMs(row, nowMs) / 1000)} ago`;
}

/** What kind of client a row is, in the words of the page. */
export function kindText({ mode = '' }: Pick<ListedRow, 'mode'>): string {
  return oneLine(modeWord(englishWords, mode));
}
