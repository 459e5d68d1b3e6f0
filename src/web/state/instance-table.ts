import { type Instance, lastInputSecondsAt } from '../../client/index.ts';
import { type FactName, type Facts, factNames, fields } from '../../core/index.ts';
import { presenceStateOf } from '../../viewer/index.ts';

type Column = readonly [name: string, value: (row: Instance, nowMs: number) => CsvValue];

const moment = (atMs: number | undefined): CsvValue =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

const [name, ...others] = factNames
  .filter((fact) => fields[fact].exported !== false)
  .map((fact): Column => [fact, (row, nowMs) => factCell(row, fact, nowMs)]);

const columns: readonly Column[] = [
  ...(name === undefined ? [] : [name]),
  ['state', presenceStateOf],
  ...others,
  ['updated', (row) => moment(row.ts)],
  ['connections', (row) => row.connections],
  ['firstSeen', (row) => moment(row.firstSeenAtMs)],
  ['connectedSince', (row) => moment(row.connectedAtMs)],
  ['disconnectedAt', (row) => moment(row.disconnectedAtMs)],
  ['key', (row) => row.key],
];

function factCell(row: Instance, fact: FactName, nowMs: number): CsvValue {
  if (fact === 'lastInputSeconds') return lastInputSecondsAt(row, nowMs);
  const value: Facts[FactName] = row[fact];
  return typeof value === 'object' ? value.join(' ') : value;
}

/** Instances as CSV: one line each, moments in ISO 8601, names of the protocol as the header. */
export function instancesCsv(rows: readonly Instance[], nowMs: number): string {
  const cells = rows.map((row) => columns.map(([, value]) => value(row, nowMs)));
  return toCsv(
    columns.map(([name]) => name),
    cells,
  );
}

/** Instances as JSON: the moment of the list, then every row as the gateway sent it. */
export function instancesJson(rows: readonly Instance[], nowMs: number): string {
  return `${JSON.stringify({ exportedAt: new Date(nowMs).toISOString(), instances: rows }, undefined, 2)}\n`;
}

/** Downloads a text as a file. */
export function downloadText(options: {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}): void {
  const { name, type, text } = options;
  const href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href));
}

/** One value of a table. */
export type CsvValue = string | number | undefined;

/**
 * A table as CSV (RFC 4180), with the byte order mark by which spreadsheets recognize UTF-8.
 *
 * Text that a spreadsheet would run as a formula gets an apostrophe before it: names come from clients.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(csvCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
