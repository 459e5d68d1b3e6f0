import { ageMs, type ListedRow, statusOf } from '../../core/index.ts';
import {
  type Duplicate,
  type DuplicateCause,
  findDuplicates,
  isDisconnected,
  isGatewayRow,
} from '../../viewer/index.ts';
import { oneLine, spanText } from '../text-format.ts';
import { accessFindings } from './access-check.ts';
import { addressFindings } from './address-check.ts';
import { type Finding, note, type Observation, passed, problem } from './finding.ts';

/** Device signatures of a client whose clock is further off are refused by gateways (±2 minutes); a smaller deviation is a finding already. */
const tolerableSkewMs = 30_000;

/** Checks a roster and its gateway. The findings in order: what is right, what is wrong with what to change, notes. */
export function diagnose(observation: Observation): readonly Finding[] {
  const findings = [
    ...accessFindings(observation),
    ...clockFindings(observation),
    ...addressFindings(observation),
    ...duplicateFindings(observation),
    ...sharedFindings(observation),
    ...staleFindings(observation),
    ...fullFindings(observation),
    ...hiddenFindings(observation),
  ];
  return (['ok', 'problem', 'note'] as const).flatMap((level) =>
    findings.filter((finding) => finding.level === level),
  );
}

function clockFindings({ challengeTimes, roundTripMs, rows, gatewayNowMs }: Observation): Finding[] {
  const findings: Finding[] = [];
  const skewMs = challengeTimes === undefined ? 0 : challengeTimes.gatewayMs - challengeTimes.localMs;
  if (Math.abs(skewMs) > tolerableSkewMs + roundTripMs) {
    const apart = `${spanText(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? 'ahead of' : 'behind'}`;
    findings.push(
      problem(
        `the gateway's clock is ${apart} this computer's: set both by NTP, or signed clients are refused (over 2m) and times look wrong`,
      ),
    );
  } else findings.push(clockIsRight(challengeTimes === undefined ? undefined : skewMs, roundTripMs));
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

function clockIsRight(skewMs: number | undefined, roundTripMs: number): Finding {
  if (skewMs === undefined) return note('the gateway does not send its time: its clock was not checked');
  return passed(`its clock is ${Math.round(Math.abs(skewMs))} ms from this computer's (± ${roundTripMs} ms)`);
}

const advice: Readonly<Record<DuplicateCause, string>> = {
  'one-id-in-several-rows':
    'this gateway makes a row of each connection and spelling of one id: let the client send it in one spelling, over one connection, or update the gateway',
  'identity-in-use-twice':
    'two computers use one identity at once: on the copy remove the state folder of the client, so that it makes its own',
  'handshake-without-instance-id':
    'its handshake has no instanceId, so every connection makes a new row: send a stable connect.client.instanceId',
  'beacon-with-other-instance-id':
    'its beacons carry another instanceId than its handshake: send the same instanceId in both',
  'connection-without-instance-id':
    'its beacons carry an instanceId, its handshake does not: send the same id as connect.client.instanceId',
  'new-instance-id-at-each-start':
    'it makes a new instanceId at each start: keep the instanceId in a file, or sign in with a device identity',
};

/** For a gateway that lists one row per instance: instances connected under one id from several computers. */
function sharedFindings({ shared = [] }: Observation): readonly Finding[] {
  return shared.map(({ key, places }) =>
    problem(
      `${oneLine(key, 64)} is connected from ${places.length} computers (${places.map((place) => oneLine(place, 64)).join(', ')}): ${advice['identity-in-use-twice']}`,
    ),
  );
}

/** Viewers, such as the page, make no reports, and may be open in several windows. */
function isViewer({ mode }: ListedRow): boolean {
  return mode === 'viewer';
}

function duplicateFindings({ rows }: Observation): readonly Finding[] {
  const found = findDuplicates(rows.filter((row) => !isViewer(row))).map(duplicateFinding);
  return found.length > 0 ? found : [passed('no instance is listed twice')];
}

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
      (row) =>
        !isGatewayRow(row) &&
        !isViewer(row) &&
        !isDisconnected(row) &&
        statusOf(ageMs(row, gatewayNowMs)) === 'stale',
    )
    .map((row) => {
      const age = spanText(ageMs(row, gatewayNowMs) / 1000);
      return problem(
        `${nameOf(row)} is stale, last heard from ${age} ago: check that it runs and beacons more often than every 2m`,
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
