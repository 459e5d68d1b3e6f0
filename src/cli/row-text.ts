import { ageMs, type ListedRow, lastInputSecondsAt, type Status, statusOf } from '../core/index.ts';
import {
  type PresenceState,
  presenceStateOf,
  rowName,
  type StatusNote,
  statusNotes,
} from '../viewer/index.ts';
import { oneLine } from './one-line.ts';
import { spanText } from './span-text.ts';

const shapes: Readonly<Record<Status, string>> = { active: '●', idle: '◐', stale: '○' };

/** Status of a row at `nowMs`, the gateway's clock (PS1). The gateway itself is always active. */
export function statusOfRow(row: ListedRow, nowMs: number): Status {
  return row.self ? 'active' : statusOf(ageMs(row, nowMs));
}

const noteTexts: Readonly<Record<StatusNote, { readonly full: string; readonly short: string }>> = {
  disconnected: { full: 'disconnected', short: 'disconnected' },
  unreachable: { full: 'gateway unreachable', short: 'unreachable' },
};

/** Status by word and shape, and beside it what else is to be said of the row (PS3). */
export function statusText(row: ListedRow, nowMs: number): string {
  return [statusWord(row, nowMs), ...statusNotes(row).map((note) => noteTexts[note].full)].join(', ');
}

function statusWord(row: ListedRow, nowMs: number): string {
  const status = statusOfRow(row, nowMs);
  return `${shapes[status]} ${status}`;
}

/** Shape of each state, in every command (PS3, PS5). */
export const stateShapes: Readonly<Record<PresenceState, string>> = {
  online: '●',
  reporting: '◉',
  idle: '◐',
  stale: '○',
  disconnected: '✕',
  unreachable: '◌',
};

/** Colour of each state; it says nothing that {@link stateText} does not say. */
export const stateColours: Readonly<Record<PresenceState, 'green' | 'yellow' | 'gray' | 'red'>> = {
  online: 'green',
  reporting: 'green',
  idle: 'yellow',
  stale: 'gray',
  disconnected: 'red',
  unreachable: 'yellow',
};

/** State of a row at `nowMs` by shape and word, and how long where that means something (PS5): `● online`, `✕ gone 52s`. */
export function stateText(row: ListedRow, nowMs: number): string {
  const state = presenceStateOf(row, nowMs);
  const shape = stateShapes[state];
  const sinceMs = state === 'disconnected' ? (row.disconnectedAtMs ?? row.ts) : row.ts;
  const [span = ''] = spanText(Math.max(0, nowMs - sinceMs) / 1000).split(' ');
  if (state === 'disconnected') return `${shape} gone ${span}`;
  if (state === 'idle' || state === 'stale') return `${shape} ${state} ${span}`;
  return `${shape} ${state}`;
}

/** What people call a row: the operator's name for it, its host, else the best id it has. */
export function nameOf(row: ListedRow): string {
  return oneLine(rowName(row) ?? 'unnamed');
}

/** Time since the last input at `nowMs`, the gateway's clock (PS4); empty when it is not known. */
export function lastInputText(row: ListedRow, nowMs: number): string {
  const seconds = lastInputSecondsAt(row, nowMs);
  return seconds === undefined ? '' : `${spanText(seconds)} ago`;
}

/** Age at `nowMs`, the gateway's clock, and the reason of the last update. */
export function ageText(row: ListedRow, nowMs: number): string {
  const age = spanText(ageMs(row, nowMs) / 1000);
  return row.reason === undefined ? age : `${age} · ${oneLine(row.reason)}`;
}
