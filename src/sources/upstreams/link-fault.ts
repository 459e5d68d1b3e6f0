import { problemOf, type UpstreamProblem } from './upstream-problem.ts';

/** Delay of the next attempt after a refusal, long because an operator has to change something first. */
export const refusedMs = 60_000;
/** Longest wait for the challenge, and again for the answer to `connect` (PU10). */
export const handshakeMs = 15_000;

/** Why there is no connection, and when to try again. */
export interface Explanation extends UpstreamProblem {
  readonly isPermanent: boolean;
  readonly retryMs: number;
}

/** Faults that only the socket reports; `undefined` for others. */
export function explainFault(errorCode: string, message: string, closeCode: number): Explanation | undefined {
  if (errorCode === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || closeCode === 1009)
    return explanation(problemOf('TOO_LARGE', 'a message is larger than 8 MiB'), false, refusedMs);
  if (closeCode === 4000) return explanation(problemOf('SILENT', 'it answers no ping'), false, 0);
  if (/CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(errorCode))
    return explanation(problemOf('TLS', `its certificate is not accepted: ${message}`), true, refusedMs);
  if (/challenge|handshake.*time|timeout/i.test(message))
    return explanation(
      problemOf('NOT_PRESENCE', `no handshake within ${handshakeMs / 1000} s`),
      false,
      5_000,
    );
  return undefined;
}

/** A problem as the reason of a closed connection. */
export function explanation(problem: UpstreamProblem, isPermanent: boolean, retryMs: number): Explanation {
  return { ...problem, isPermanent, retryMs };
}
