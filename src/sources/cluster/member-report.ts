import { gatewayIdOf, type Instant, type MemberId } from '../../core/index.ts';
import {
  type ClusterGateway,
  clusterGatewayStates,
  type GatewayProblem,
  type Repairing,
} from './cluster-status.ts';
import type { MemberDirectory } from './member-directory.ts';
import type { MemberIntake } from './member-intake.ts';
import type { MemberRecord } from './member-record.ts';
import type { Outbox } from './outbox.ts';
import type { Refusals } from './row-intake.ts';

/** What a report is made from. */
export interface ReportParts {
  readonly memberId: MemberId;
  readonly host: string;
  readonly directory: MemberDirectory;
  readonly intake: MemberIntake;
  readonly outbox: Outbox;
  readonly leaseMs: number;
}

/** Every gateway that is kept, this one first; of a gateway that ran several times the run that matters most. */
export function gatewaysOf(parts: ReportParts, now: Instant): readonly ClusterGateway[] {
  const selfId = gatewayIdOf(parts.memberId);
  const self: ClusterGateway = { id: selfId, host: parts.host, state: 'live', self: true };
  const gateways = new Map<string, ClusterGateway & { readonly startedAtMs: number }>();
  for (const { record, status } of parts.directory.all()) {
    const id = gatewayIdOf(record.memberId);
    const { host, startedAtMs } = record;
    if (id === selfId || (gateways.get(id)?.startedAtMs ?? -1) > startedAtMs) continue;
    gateways.set(id, {
      id,
      host,
      state: clusterGatewayStates[status.kind],
      ...(status.kind !== 'up' && { sinceMs: status.sinceMs }),
      ...problemOf(record, parts, now),
      startedAtMs,
    });
  }
  return [self, ...Array.from(gateways.values(), ({ startedAtMs: _, ...gateway }) => gateway)];
}

/** What is being repaired, with numbers; `undefined` while nothing is (PC12). */
export function repairingOf(
  { outbox, intake }: ReportParts,
  { wallMs, monoMs }: Instant,
): Repairing | undefined {
  const { lost } = outbox;
  const { rows, gateways, sinceMonoMs } = intake.open;
  if (lost.rows === 0 && gateways === 0) return undefined;
  const sinces = [
    ...(lost.rows > 0 ? [lost.sinceMs] : []),
    ...(gateways > 0 ? [Math.round(wallMs - monoMs + sinceMonoMs)] : []),
  ];
  return { rowsLost: lost.rows, rowsMissing: rows, gateways, sinceMs: Math.min(...sinces) };
}

function problemOf(
  { memberId, host }: MemberRecord,
  { intake, directory, leaseMs }: ReportParts,
  { monoMs }: Instant,
): Pick<ClusterGateway, 'refusedRows' | 'problem'> {
  const refusals = intake.refusalsOf(memberId);
  const isTwin = directory.twins(gatewayIdOf(memberId)).length > 0;
  const isRecent = refusals !== undefined && monoMs - refusals.lastMonoMs <= leaseMs;
  const problem = memberProblem(host, isTwin, isRecent ? refusals.code : undefined);
  return {
    ...(refusals !== undefined && { refusedRows: refusals.rows }),
    ...(problem !== undefined && { problem }),
  };
}

/** What is wrong with a gateway of the cluster, for people; `refused`: why rows of it were refused within the last lease. */
function memberProblem(
  host: string,
  isTwin: boolean,
  refused: Refusals['code'] | undefined,
): GatewayProblem | undefined {
  if (isTwin) {
    return {
      code: 'SAME_ID',
      message: `two processes say that they are the same gateway, one of them on ${host}`,
      whatToDo: 'Give each gateway a state folder of its own (XDG_STATE_HOME), and never copy one.',
    };
  }
  if (refused === 'FUTURE_STAMP') {
    return {
      code: 'QUARANTINED',
      message: `${host} publishes with a clock that is more than a day ahead; its rows stay as they were`,
      whatToDo: `Set the clock of ${host} and of the server of the cluster, then restart the gateway on ${host} only.`,
    };
  }
  if (refused === undefined) return undefined;
  return {
    code: 'BAD_ROWS',
    message: `some rows of ${host} cannot be used`,
    whatToDo: 'See the log for the reason; is somebody else writing to the server of the cluster?',
  };
}
