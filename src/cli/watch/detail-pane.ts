import { ageMs, type Instance } from '../../client/index.ts';
import { factNames, sourceOf } from '../../core/index.ts';
import { presenceStateOf } from '../../viewer/index.ts';
import { causeText } from '../journal-text.ts';
import { lastInputText, nameOf, stateText } from '../row-text.ts';
import { dateText, oneLine, sizeText, spanText } from '../text-format.ts';
import { padTo } from '../text-table.ts';
import { wrapLine } from '../wrap-line.ts';
import type { Paint } from './paint.ts';

/** One line of the detail pane: label, value, and the producer that reported it. */
export interface DetailLine {
  readonly label: string;
  readonly value: string;
  readonly source?: string;
}

/** What the detail pane is drawn from. */
export interface DetailPaneOptions {
  readonly row: Instance;
  /** The gateway's clock; the moment the row is from when it is not live. */
  readonly nowMs: number;
  readonly width: number;
  readonly live: boolean;
  readonly paint: Paint;
}

const labelWidth = 17;

/** Everything that is known of a row, labels left, long values on several lines. */
export function detailPane({ row, nowMs, width, live, paint }: DetailPaneOptions): readonly string[] {
  const room = Math.max(10, width - labelWidth - 2);
  return detailLines(row, nowMs).flatMap(({ label, value, source }) => {
    const labelled = source === undefined ? value : `${value}  (${source})`;
    return wrapLine(labelled, room).map((line, index) => {
      const name = `  ${padTo(index === 0 ? label : '', labelWidth)}`;
      return live ? paint('dim', name) + line : paint('dim', name + line);
    });
  });
}

/** Everything that is known of a row, at `nowMs` of the gateway's clock; what is not known is left out. */
export function detailLines(row: Instance, nowMs: number): readonly DetailLine[] {
  return [...stateLines(row, nowMs), ...factLines(row), ...statsLines(row)];
}

function stateLines(row: Instance, nowMs: number): readonly DetailLine[] {
  const { connections, rttMs, firstSeenAtMs, connectedAtMs, disconnectedAtMs, gatewayIds } = row;
  return present([
    ['name', nameOf(row)],
    ['state', stateLine(row, nowMs)],
    ['last heard', momentText(row.self ? nowMs : row.ts, nowMs)],
    ['last input', lastInputText(row, nowMs)],
    ['connections', connections],
    ['connected', connectedAtMs && momentText(connectedAtMs, nowMs)],
    ['disconnected', disconnectedAtMs && momentText(disconnectedAtMs, nowMs)],
    ['first seen', firstSeenAtMs && momentText(firstSeenAtMs, nowMs)],
    ['round trip', rttMs === undefined ? undefined : `${rttMs} ms`],
    ['unreachable', row.unreachableSinceMs && momentText(row.unreachableSinceMs, nowMs)],
    ['gateways', gatewayIds?.join(', ')],
    ['observed ip', row.observedIp],
    ['reported ip', row.reportedIp],
    ['owner', row.annotations?.owner],
    ['labels', row.annotations?.labels?.join(', ')],
    ['note', row.annotations?.note],
    ['key', row.key],
  ]);
}

/** The state, and for a row that is away why: `✕ disconnected 6m · connection lost: no answer to pings`. */
function stateLine(row: Instance, nowMs: number): string {
  const isAway = presenceStateOf(row, nowMs) === 'disconnected';
  return [stateText(row, nowMs), isAway ? causeText(row.cause) : '']
    .filter((part) => part !== '')
    .join(' · ');
}

/** The facts that producers reported, under their names in the protocol. */
function factLines(row: Instance): readonly DetailLine[] {
  return factNames.flatMap((name) => {
    const value = row[name];
    if (value === undefined) return [];
    const text = oneLine(Array.isArray(value) ? value.join(', ') : String(value), 2_000);
    const source = sourceOf(row, name);
    return [{ label: name, value: text, ...(source !== undefined && { source: `from ${source}` }) }];
  });
}

function statsLines({ hostStats }: Instance): readonly DetailLine[] {
  if (hostStats === undefined) return [];
  const { cpuCount, loadAverage, memoryFreeBytes, memoryTotalBytes, diskAvailableBytes, diskTotalBytes } =
    hostStats;
  return present([
    ['processors', cpuCount],
    ['load', loadAverage?.map((load) => load.toFixed(2)).join('  ')],
    ['memory', `${sizeText(memoryFreeBytes)} free of ${sizeText(memoryTotalBytes)}`],
    [
      'disk',
      diskTotalBytes === undefined
        ? undefined
        : `${sizeText(diskAvailableBytes ?? 0)} free of ${sizeText(diskTotalBytes)}`,
    ],
  ]);
}

function present(pairs: readonly (readonly [string, string | number | undefined])[]): readonly DetailLine[] {
  return pairs.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ label, value: oneLine(String(value)) }],
  );
}

function momentText(epochMs: number, nowMs: number): string {
  return `${spanText(ageMs({ ts: epochMs }, nowMs) / 1000)} ago (${dateText(epochMs)})`;
}
