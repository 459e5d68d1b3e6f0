import { type Instance, lastInputSecondsAt, statusAt } from '../../client/index.ts';
import { isDisconnected } from '../../viewer/index.ts';
import { type CsvValue, toCsv } from './csv.ts';

type Column = readonly [name: string, value: (row: Instance, nowMs: number) => CsvValue];

const moment = (atMs: number | undefined): CsvValue =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

const columns: readonly Column[] = [
  ['host', (row) => row.host],
  ['status', (row, nowMs) => statusAt(row, nowMs)],
  ['disconnected', (row) => (isDisconnected(row) ? 'yes' : 'no')],
  ['mode', (row) => row.mode],
  ['ip', (row) => row.ip],
  ['version', (row) => row.version],
  ['platform', (row) => row.platform],
  ['deviceFamily', (row) => row.deviceFamily],
  ['modelIdentifier', (row) => row.modelIdentifier],
  ['roles', (row) => row.roles?.join(' ')],
  ['scopes', (row) => row.scopes?.join(' ')],
  ['tags', (row) => row.tags?.join(' ')],
  ['lastInputSeconds', lastInputSecondsAt],
  ['reason', (row) => row.reason],
  ['updated', (row) => moment(row.ts)],
  ['connections', (row) => row.connections],
  ['firstSeen', (row) => moment(row.firstSeenAtMs)],
  ['connectedSince', (row) => moment(row.connectedAtMs)],
  ['disconnectedAt', (row) => moment(row.disconnectedAtMs)],
  ['timeZone', (row) => row.timeZone],
  ['instanceId', (row) => row.instanceId],
  ['deviceId', (row) => row.deviceId],
  ['key', (row) => row.key],
  ['text', (row) => row.text],
];

/** Instances as CSV: one line each, moments in ISO 8601, names of the wire as the header. */
export function instancesCsv(rows: readonly Instance[], nowMs: number): string {
  const cells = rows.map((row) => columns.map(([, value]) => value(row, nowMs)));
  return toCsv(
    columns.map(([name]) => name),
    cells,
  );
}

/** Instances as JSON: the moment of the list, then every row as the gateway tells it. */
export function instancesJson(rows: readonly Instance[], nowMs: number): string {
  return `${JSON.stringify({ exportedAt: new Date(nowMs).toISOString(), instances: rows }, undefined, 2)}\n`;
}
