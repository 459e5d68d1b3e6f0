import type { JournalEntry } from '../sinks/index.ts';
import { englishWords } from '../viewer/index.ts';
import { paint, type Shell } from './shell.ts';
import { clockText, dateText, oneLine } from './text-format.ts';
import { type Column, layTable } from './text-table.ts';

/** A moment as people read it: the time, with the day when that is not today. */
export function momentText(atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return isToday ? clockText(atMs) : dateText(atMs);
}

/** Why, for people: the word for the cause, and its evidence. */
export function causeText(cause: JournalEntry['cause']): string {
  if (cause === undefined) return '';
  const words: Readonly<Record<string, string>> = englishWords.causes;
  const word = Object.hasOwn(words, cause.code) ? (words[cause.code] ?? cause.code) : oneLine(cause.code);
  return cause.evidence === undefined ? word : `${word}: ${oneLine(cause.evidence)}`;
}

/** Entries of the journal as a table, one a line, in the order given. */
export function journalTable(entries: readonly JournalEntry[], shell: TableShell, nowMs: number): string {
  return layTable({
    columns: columnsFor(shell, nowMs),
    rows: entries,
    width: shell.columns,
    paintTitle: (title) => paint(shell, 'dim', title),
  });
}

/** One entry as a line, with columns of fixed width, so that lines printed one by one are aligned. */
export function journalLine(entry: JournalEntry, shell: TableShell, nowMs: number): string {
  const [when, ...cells] = columnsFor(shell, nowMs).map((column) => column.cell(entry));
  const [what = '', who = '', gateway = '', why = ''] = cells;
  const place = gateway === '' ? [] : [`at ${gateway}`];
  return [when, what.padEnd(whatWidth), who.padEnd(20), [...place, why].join(' · ')].join('  ').trimEnd();
}

type TableShell = Pick<Shell, 'colour' | 'columns'>;

/** Width of most words of {@link kindText}. */
const whatWidth = 16;

function columnsFor(shell: TableShell, nowMs: number): readonly Column<JournalEntry>[] {
  return [
    { title: 'WHEN', cell: ({ at }) => momentText(at, nowMs), dropRank: 0 },
    {
      title: 'WHAT',
      cell: kindText,
      dropRank: 0,
      paint: (cell, entry) => paint(shell, colourOf(entry), cell),
    },
    { title: 'WHO', cell: ({ host, key }) => oneLine(host ?? key), dropRank: 0, minWidth: 12 },
    { title: 'GATEWAY', cell: ({ gateways = [] }) => oneLine(gateways.join(',')), dropRank: 1, minWidth: 8 },
    { title: 'WHY', cell: (entry) => whyText(entry, nowMs), dropRank: 0, minWidth: 12 },
  ];
}

function kindText({ kind, count }: JournalEntry): string {
  const word = oneLine(kind).replace('-', ' ');
  return count === undefined ? word : `${word} ×${count}`;
}

function colourOf({ kind }: JournalEntry): 'green' | 'red' | 'yellow' | 'reset' {
  if (kind === 'joined' || kind === 'returned' || kind === 'gateway-up') return 'green';
  if (kind === 'left' || kind === 'removed' || kind === 'gateway-unreachable') return 'red';
  return kind === 'flapping' ? 'yellow' : 'reset';
}

function whyText(entry: JournalEntry, nowMs: number): string {
  const { cause, lastSeenMs, sinceMs, count } = entry;
  const parts = [
    differenceText(entry),
    causeText(cause),
    lastSeenMs === undefined ? '' : `last seen ${momentText(lastSeenMs, nowMs)}`,
    count === undefined || sinceMs === undefined
      ? ''
      : `left ${count} times since ${momentText(sinceMs, nowMs)}`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function differenceText({ previous = {}, current = {} }: JournalEntry): string {
  const after: Readonly<Record<string, unknown>> = current;
  return Object.entries(previous)
    .map(([part, before]) => `${part} ${valueText(before)} → ${valueText(after[part])}`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return oneLine(Array.isArray(value) ? value.join(',') : String(value), 80);
}
