import type { Cause, InstanceView, Instant } from '../../core/index.ts';
import type { WireClose } from '../../protocol/index.ts';

/** How the other side ended a connection: the close frame it sent, or that it sent none. */
export interface PeerClose {
  /** 1005 for a close frame without a code, 1006 for none at all. */
  readonly code: number;
  readonly reason: string;
  /** Code of the error that ended the socket, for example `ECONNRESET`. */
  readonly error?: string | undefined;
}

/** Nothing is known of how it ended. */
export const noGoodbye: PeerClose = { code: 1006, reason: '' };

/** Reasons of beacons with which an agent says that it is about to go. */
const goodbyes: ReadonlyMap<string, Cause> = new Map([
  ['disconnect', { code: 'shut-down', evidence: 'it said goodbye' }],
  ['shutdown', { code: 'shut-down', evidence: 'it said goodbye' }],
  ['sleep', { code: 'slept', evidence: 'it said so' }],
]);

/** The other side went; `row` is its row until then (PJ1). */
export function peerLeft({ code, reason, error }: PeerClose, row: InstanceView | undefined): Cause {
  const goodbye = goodbyeOf(row);
  if (goodbye !== undefined) return goodbye;
  if (code !== 1006) return { code: 'closed', evidence: closeText(code, reason) };
  return { code: 'reset', evidence: error ?? 'the socket ended without a close frame' };
}

/** It did not answer pings; a machine that said that it goes to sleep does not either (PJ1). */
export function stoppedAnswering(pingedMonoMs: number, now: Instant, row: InstanceView | undefined): Cause {
  const since = new Date(Math.round(now.wallMs - (now.monoMs - pingedMonoMs))).toISOString();
  const evidence = `no answer to pings since ${since}`;
  return goodbyeOf(row) ?? { code: 'connection-lost', evidence };
}

/** The gateway closed the connection for a reason of its own (PJ1). */
export function closedByGateway({ closeCode, closeReason }: WireClose): Cause {
  return { code: 'closed', evidence: `by the gateway: ${closeText(closeCode, closeReason)}` };
}

export const revoked: Cause = { code: 'revoked', evidence: 'its credential is not valid any more' };
export const slowReader: Cause = { code: 'slow-reader', evidence: 'it read more slowly than it was sent' };

/** The gateway stops. */
export function gatewayStopping(reason: string): Cause {
  return { code: 'gateway-restart', evidence: reason };
}

/** What the last beacon of a live row announced. */
function goodbyeOf(row: InstanceView | undefined): Cause | undefined {
  return row?.sources.reason === 'beacon' ? goodbyes.get(row.reason ?? '') : undefined;
}

function closeText(code: number, reason: string): string {
  if (code === 1005) return 'no code given';
  return reason === '' ? `code ${code}` : `code ${code}, reason ${JSON.stringify(reason)}`;
}
