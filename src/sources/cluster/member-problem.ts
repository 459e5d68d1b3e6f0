import type { GatewayProblem } from './cluster-status.ts';
import type { Refusals } from './row-intake.ts';

/** What is wrong with a gateway of the cluster, for people; `refused`: why rows of it were refused within the last lease. */
export function memberProblem(
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
