/** All codes of causes. */
export const causeCodes = [
  'connected',
  'reconnected',
  'closed',
  'connection-lost',
  'reset',
  'replaced',
  'slept',
  'woke',
  'shut-down',
  'gateway-restart',
  'gateway-unreachable',
  'revoked',
  'slow-reader',
  'expired',
  'evicted',
  'removed',
  'unknown',
] as const;

/** Why an instance arrived, departed or changed its status; a closed list (PJ1). */
export type CauseCode = (typeof causeCodes)[number];

/** A cause and what shows it. Nothing is guessed: what is inferred states from what (PJ1). */
export interface Cause {
  readonly code: CauseCode;
  /** For people, one line, for example `code 1000, reason "bye"` or `no answer to pings for 50 s`. */
  readonly evidence?: string;
}

/** A first connection of an instance. */
export const connected: Cause = Object.freeze({ code: 'connected' });
/** An instance that was first seen without a connection. */
export const firstBeacon: Cause = Object.freeze({
  code: 'connected',
  evidence: 'first beacon, no connection',
});
/** A connected instance that had no room in the list, or expired, is listed again. */
export const listedAgain: Cause = Object.freeze({
  code: 'connected',
  evidence: 'still connected, listed again',
});
/** The agent of an instance reported that its machine slept, and is awake again. */
export const woke: Cause = Object.freeze({ code: 'woke', evidence: 'its agent says that it slept' });
/** A connection closed, and why is not known. */
export const unknownCause: Cause = Object.freeze({ code: 'unknown' });
/** The gateway that held the last connection ended, and its connections with it. */
export const gatewayEnded: Cause = Object.freeze({ code: 'gateway-restart', evidence: 'its gateway ended' });
/** Nobody can reach the gateway that held the last connection. */
export const gatewayUnreachable: Cause = Object.freeze({ code: 'gateway-unreachable' });

/** An upstream announced that it restarts. */
export function gatewayRestarting(name: string): Cause {
  return { code: 'gateway-restart', evidence: `${name} said that it restarts` };
}

/** An upstream does not list a row any more. */
export function unlisted(name: string): Cause {
  return { code: 'unknown', evidence: `${name} lists it no more` };
}

/** An upstream is no member any more. */
export function removed(name: string): Cause {
  return { code: 'removed', evidence: `${name} was removed from the upstreams` };
}

/** An instance came back after it was disconnected for so many milliseconds. */
export function reconnected(afterMs: number): Cause {
  return { code: 'reconnected', evidence: `after ${seconds(afterMs)}` };
}

/** Nobody renewed a row for so many milliseconds. */
export function expired(silentMs: number): Cause {
  return { code: 'expired', evidence: `no renewal for ${seconds(silentMs)}` };
}

/** A row had no room. */
export function evicted(maxEntries: number): Cause {
  return { code: 'evicted', evidence: `the roster is full (${maxEntries})` };
}

/** The client of a row is listed under another key (PK8). */
export function replaced(byKey: string | undefined): Cause {
  return byKey === undefined
    ? { code: 'replaced' }
    : { code: 'replaced', evidence: `now listed as ${byKey}` };
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}
