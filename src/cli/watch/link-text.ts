import type { ClientState } from '../../client/index.ts';
import { explainProblem } from '../call-problem.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { oneLine, spanText } from '../text-format.ts';

/** State of the connection, for people. */
export interface LinkText {
  /** By word and shape. */
  readonly status: string;
  readonly colour: 'green' | 'yellow' | 'red';
  /** Why there is no connection, and what to do; absent when all is well. */
  readonly explanation?: string;
}

/** State of the connection to `target` at `nowMs`, this computer's clock. */
export function linkText(state: ClientState, target: GatewayTarget, nowMs: number): LinkText {
  const since = spanText((nowMs - state.sinceMs) / 1000);
  switch (state.phase) {
    case 'idle':
      return { status: '○ stopped', colour: 'yellow' };
    case 'connecting':
      return { status: '◌ connecting', colour: 'yellow' };
    case 'connected':
      return { status: '● connected', colour: 'green' };
    case 'reconnecting':
      return {
        status: `◌ reconnecting for ${since}, attempt ${state.attempts}`,
        colour: 'yellow',
        explanation: sentences(oneLine(state.reason), state.whatToDo, adviceFor(state.code)),
      };
    case 'refused':
      return { status: '✗ refused', colour: 'red', explanation: explainRefusal(state, target) };
  }
}

/** Why the gateway refused for good, and what to do about it, on one line. */
export function explainRefusal(
  state: Extract<ClientState, { phase: 'refused' }>,
  target: GatewayTarget,
): string {
  const error = Object.assign(new Error(state.reason), { details: { code: state.code } });
  const line = explainProblem({ kind: 'handshake', error }, target);
  return adviceIsComplete.test(state.code) ? line : sentences(line, state.whatToDo);
}

/** Refusals whose advice from `explainProblem` is complete: it names flags and variables, not options of the SDK. */
const adviceIsComplete = /^(AUTH_TOKEN|AUTH_PASSWORD|PAIRING|DEVICE_IDENTITY|PROTOCOL_MISMATCH)/;

function adviceFor(code: string): string | undefined {
  return code === 'NETWORK' ? 'rollcall doctor finds out why.' : undefined;
}

function sentences(...texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined && text !== '')
    .join('. ')
    .replaceAll('..', '.');
}
