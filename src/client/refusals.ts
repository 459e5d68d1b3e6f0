import type { Refused } from './client-state.ts';
import { readUpgradeAnswer, upgradeAdvice } from './upgrade-answer.ts';
import { fields } from './wire.ts';

/** Why there is no connection. */
export interface Explanation {
  /** Stable word. */
  readonly code: string;
  readonly reason: string;
  readonly whatToDo?: string;
  /** True when a retry cannot succeed until something is changed. */
  readonly permanent: boolean;
  readonly retryAfterMs?: number;
}

/** The gateway refused this client for good; what `changes()` ends with. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** Stable word for the reason, for example `AUTH_TOKEN_MISMATCH`. */
  readonly code: string;
  /** What a person can do about it. */
  readonly whatToDo: string;

  constructor({ code, reason, whatToDo }: Refused) {
    super(`the gateway refused this client: ${reason}. ${whatToDo}`);
    this.code = code;
    this.whatToDo = whatToDo;
  }
}

/** A refused `connect`, from the protocol client. */
export interface ConnectError {
  readonly message: string;
  readonly code?: string;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** A closed socket, from the protocol client. */
export interface Closed {
  readonly url: string;
  readonly code: number;
  readonly reason: string;
  readonly socketOpened: boolean;
  readonly error?: Error | undefined;
  /** The reason of a `shutdown` event that came before. */
  readonly shutdownReason?: string | undefined;
}

/** What to do about each refusal, by what its code begins with. The first match counts. */
const advice: readonly (readonly [prefix: string, whatToDo: string])[] = [
  ['AUTH_TOKEN', 'Pass the token of this gateway: createPresenceClient({token}).'],
  ['AUTH_PASSWORD', 'Pass the password of this gateway: createPresenceClient({password}).'],
  ['AUTH_SCOPE', 'Ask for fewer scopes, or use a token that allows them.'],
  ['IDENTITY_INVALID', 'Sign in at the proxy again, or pass a token of this gateway.'],
  ['IDENTITY_NOT_GRANTED', 'Ask the operator of the gateway for a grant, or pass a token.'],
  ['MISSING_SCOPE', 'Use a token that allows operator.read.'],
  ['ROLE_', 'Use a token that is bound to this role.'],
  ['PROTOCOL_', 'Update the older of the two: this client speaks protocols 3 and 4.'],
  ['CONTROL_UI_ORIGIN', 'Add the origin of this page to allowedOrigins of the gateway.'],
  ['HTTP_403', 'Add the origin of this page to allowedOrigins of the gateway.'],
  ['HTTP_401', 'Log in at the proxy in front of the gateway first.'],
  ['DEVICE_AUTH', 'Remove the stored device key and start again.'],
  ['PAIRING', 'Approve this device at the gateway, then start again.'],
  ['SELF_ROW', 'Use another instanceId: this one is the gateway itself.'],
];

/** Refusals that are temporary although they have a code. */
const passing = [
  'AUTH_RATE_LIMITED',
  'DEVICE_AUTH_SIGNATURE_EXPIRED',
  'DEVICE_AUTH_NONCE',
  'UNAVAILABLE',
  'CLIENT_TIMEOUT',
];

/** How long to wait for a gateway that locked this address out without stating for how long (PA7). */
const rateLimitedMs = 60_000;

/** Explains a `connect` that was answered with an error. */
export function explainConnectError(error: ConnectError): Explanation {
  const details = fields<{ code: string; requestId: unknown }>(error.details);
  const code = details.code ?? error.code ?? 'UNAVAILABLE';
  const passes = error.retryable === true || passing.some((word) => code.startsWith(word));
  const refused = refusal(code, error.message);
  if (!passes && code.startsWith('PAIRING') && isRequestId(details.requestId))
    return {
      ...refused,
      whatToDo: `On that gateway run: openclaw devices approve ${details.requestId}, then start again.`,
    };
  if (!passes) return refused;
  const retryAfterMs = error.retryAfterMs ?? (code === 'AUTH_RATE_LIMITED' ? rateLimitedMs : 0);
  return { code, reason: error.message, permanent: false, retryAfterMs };
}

/** A name from another gateway, to be shown as part of a command; only a plain word is accepted. */
function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][\w-]{0,63}$/.test(value);
}

/** A refusal for good, with what to do about it. */
export function refusal(code: string, reason: string): Explanation & { readonly whatToDo: string } {
  const known = code.endsWith('DEVICE_IDENTITY_REQUIRED')
    ? 'Pass a device identity: createPresenceClient({device}).'
    : advice.find(([prefix]) => code.startsWith(prefix))?.[1];
  const whatToDo = known ?? 'Correct what the gateway names, then start again.';
  return { code, reason, whatToDo, permanent: true };
}

/** Explains a socket that closed without a refusal. */
export function explainClose(closed: Closed): Explanation {
  const { url, code, shutdownReason } = closed;
  if (shutdownReason !== undefined || code === 1012) {
    return passingFor(
      'SERVICE_RESTART',
      `the gateway stopped: ${shutdownReason || closed.reason || 'restart'}`,
    );
  }
  const answer = readUpgradeAnswer(closed.error?.message, url);
  if (answer !== undefined) {
    const { status } = answer;
    const reason = `${url} answered ${status}`;
    if (status === '401' || status === '403') return refusal(`HTTP_${status}`, reason);
    return passingFor(`HTTP_${status}`, reason, sentence(upgradeAdvice(answer, url)));
  }
  if (!closed.socketOpened) return passingFor('NETWORK', `no gateway answers at ${url}`, checkAddress);
  return passingFor(`CLOSED_${code}`, closed.reason || `the connection closed (${code})`);
}

const checkAddress = 'Check that the gateway runs and that this is its address.';

function passingFor(code: string, reason: string, whatToDo?: string): Explanation {
  return { code, reason, permanent: false, ...(whatToDo && { whatToDo }) };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
