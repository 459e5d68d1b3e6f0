import {
  ageMs,
  type Duplicate,
  type DuplicateCause,
  findDuplicates,
  isDisconnected,
  isGatewayRow,
  type ListedRow,
  statusOf,
} from '../core/index.ts';
import { oneLine } from './one-line.ts';
import { spanText } from './span-text.ts';

/** What a diagnosis is made from. */
export interface Observation {
  readonly rows: readonly ListedRow[];
  /** The gateway's clock when it listed the rows. */
  readonly gatewayNowMs: number;
  /** Both clocks at the moment the gateway greeted; absent when the gateway did not say its time. */
  readonly greeting?: { readonly gatewayMs: number; readonly localMs: number } | undefined;
  /** How far the two readings of the greeting may be apart in truth. */
  readonly roundTripMs: number;
  /** Scopes that the gateway granted; absent when it did not say. */
  readonly scopes?: readonly string[] | undefined;
  /** Modes that the gateway never lists; absent when it did not say. */
  readonly hiddenModes?: readonly string[] | undefined;
  readonly truncated?: boolean;
}

/** One thing that a diagnosis found. */
export interface Finding {
  /** A problem wants a change; a note explains what a person may miss. */
  readonly level: 'problem' | 'note';
  /** One line: what is so, then what to change. */
  readonly message: string;
}

/** Device signatures of a client whose clock is further off are refused by gateways (±2 minutes); well before, we say so. */
const tolerableSkewMs = 30_000;

/** Looks at a roster and its gateway and says what is wrong and what to change, most serious first. */
export function diagnose(observation: Observation): readonly Finding[] {
  const findings = [
    ...scopeFindings(observation),
    ...clockFindings(observation),
    ...findDuplicates(observation.rows).map(duplicateFinding),
    ...staleFindings(observation),
    ...fullFindings(observation),
    ...hiddenFindings(observation),
  ];
  return [
    ...findings.filter(({ level }) => level === 'problem'),
    ...findings.filter(({ level }) => level === 'note'),
  ];
}

function problem(message: string): Finding {
  return { level: 'problem', message };
}

function note(message: string): Finding {
  return { level: 'note', message };
}

function scopeFindings({ scopes }: Observation): Finding[] {
  if (scopes === undefined) return [];
  const reads = ['operator.read', 'operator.write', 'operator.admin'].some((scope) => scopes.includes(scope));
  if (reads) return [];
  return [
    problem(
      'this token does not grant operator.read, so the roster reads as empty: use a token that grants it',
    ),
  ];
}

function clockFindings({ greeting, roundTripMs, rows, gatewayNowMs }: Observation): Finding[] {
  const findings: Finding[] = [];
  const skewMs = greeting === undefined ? 0 : greeting.gatewayMs - greeting.localMs;
  if (Math.abs(skewMs) > tolerableSkewMs + roundTripMs) {
    const apart = `${spanText(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? 'ahead of' : 'behind'}`;
    findings.push(
      problem(
        `the gateway's clock is ${apart} this computer's: set both by NTP, or signed clients are refused (over 2m) and times look wrong`,
      ),
    );
  }
  for (const row of rows.filter(({ ts }) => ts - gatewayNowMs > tolerableSkewMs)) {
    const ahead = spanText((row.ts - gatewayNowMs) / 1000);
    findings.push(
      problem(
        `${nameOf(row)} is dated ${ahead} in the future: set the clock of the gateway that wrote it by NTP`,
      ),
    );
  }
  return findings;
}

const advice: Readonly<Record<DuplicateCause, string>> = {
  'handshake-without-instance-id':
    'its handshake has no instanceId, so every connection makes a new row: send a stable connect.client.instanceId',
  'beacon-with-other-instance-id':
    'its beacons carry another instanceId than its handshake: send the same instanceId in both',
  'connection-without-instance-id':
    'its beacons carry an instanceId, its handshake does not: send the same id as connect.client.instanceId',
  'new-instance-id-at-each-start':
    'it makes a new instanceId at each start: keep the instanceId in a file, or sign in with a device identity',
};

function duplicateFinding({ cause, rows }: Duplicate): Finding {
  const [first] = rows;
  const ids = rows.map((row) =>
    oneLine(row.instanceId ?? (row.deviceId && `device ${row.deviceId.slice(0, 12)}`) ?? 'no id', 64),
  );
  return problem(
    `${first === undefined ? 'an instance' : nameOf(first)} is listed ${rows.length} times (${ids.join(', ')}): ${advice[cause]}`,
  );
}

function staleFindings({ rows, gatewayNowMs }: Observation): Finding[] {
  return rows
    .filter(
      (row) => !isGatewayRow(row) && !isDisconnected(row) && statusOf(ageMs(row, gatewayNowMs)) === 'stale',
    )
    .map((row) => {
      const age = spanText(ageMs(row, gatewayNowMs) / 1000);
      return problem(
        `${nameOf(row)} is stale, last heard ${age} ago: check that it runs and beacons more often than every 2m`,
      );
    });
}

function fullFindings({ truncated }: Observation): Finding[] {
  if (!truncated) return [];
  return [
    problem('the roster is full and drops its oldest rows: start the gateway with a larger --max-entries'),
  ];
}

function hiddenFindings({ hiddenModes }: Observation): Finding[] {
  if (hiddenModes === undefined || hiddenModes.length === 0) return [];
  const modes = hiddenModes.map((mode) => oneLine(mode, 40)).join(', ');
  return [
    note(`clients of mode ${modes} are never listed: change --hidden-modes of the gateway to see them`),
  ];
}

function nameOf(row: ListedRow): string {
  const name = oneLine(row.host ?? row.instanceId ?? row.deviceId ?? row.ip ?? 'a row without a name', 64);
  return row.mode === undefined ? name : `${name} (${oneLine(row.mode, 40)})`;
}
