import { CLOSES, type CloseCode, type CloseName } from './close-table.ts';
import {
  type ErrorCode,
  type FixedRefusalName,
  REFUSALS,
  type RefusalName,
  statusOf,
} from './refusal-table.ts';
import type { Problem } from './word.ts';

/**
 * A refusal on its way to a client: the fields of `error` in a response, and the close that follows it, if any.
 *
 * A plain value, never thrown. `closeCode` and `closeReason` come together.
 */
export interface WireError {
  /** Row of the table; not sent. */
  readonly name: RefusalName;
  readonly code: ErrorCode;
  readonly message: string;
  /** The message of an answer over HTTP, where it differs. */
  readonly httpMessage?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
  /** When to try again, milliseconds from now. */
  readonly retryAfterMs?: number;
  readonly closeCode?: CloseCode;
  /** At most 123 bytes, as RFC 6455 demands. */
  readonly closeReason?: string;
  /** Status of an answer over HTTP; not sent by WebSocket. */
  readonly httpStatus: number;
}

/** A close without an answer. */
export interface WireClose {
  readonly closeCode: CloseCode;
  readonly closeReason: string;
}

/** A refusal that has no parameters, by its name in the table. */
export function refusal(name: FixedRefusalName): WireError {
  return build(name, {}, FIXED_DETAILS[name]);
}

/** A close without an answer, by its name in the table. */
export function wireClose(name: CloseName): WireClose {
  const { closeCode, closeReason } = CLOSES[name];
  return { closeCode, closeReason };
}

/** No protocol version that both sides support (PW3). */
export function protocolMismatch(clientMinProtocol: number, clientMaxProtocol: number): WireError {
  const known = { expectedProtocol: 4, minimumProbeProtocol: 3 };
  return build('protocolMismatch', {}, { clientMinProtocol, clientMaxProtocol, ...known });
}

/** `connect` whose field at `problem.path` is invalid (PW4). */
export function invalidConnect(problem: Problem): WireError {
  return build('invalidConnect', { path: problem.path, problem: problem.what });
}

/** Params of `method` whose field at `problem.path` is invalid. */
export function invalidParams(method: string, problem: Problem): WireError {
  return build('invalidParams', { method, path: problem.path, problem: problem.what });
}

/** The credential is valid, but not for this role (PA2). */
export function roleNotGranted(role: string): WireError {
  return build('roleNotGranted', { role: clip(role) });
}

/** The address is locked out after too many failures (PA7). */
export function authRateLimited(retryAfterMs: number): WireError {
  const advice = { authReason: 'rate_limited', recommendedNextStep: 'wait_then_retry' };
  return { ...build('authRateLimited', {}, advice), retryAfterMs: wholeMs(retryAfterMs) };
}

/** The method belongs to another role (PA5). */
export function unauthorizedRole(role: string): WireError {
  return build('unauthorizedRole', { role: clip(role) });
}

/** The connection lacks a scope (PA4, PA5). */
export function missingScope(scope: string, requiredScopes: readonly string[] = [scope]): WireError {
  return build('missingScope', { scope }, { missingScope: scope, requiredScopes });
}

/** Nothing by this name is served (PW9). */
export function unknownMethod(method: string): WireError {
  return build('unknownMethod', { method: clip(method) });
}

/** The connection sends too many requests (PL3). */
export function rateLimited(retryAfterMs: number): WireError {
  const waitMs = wholeMs(retryAfterMs);
  return { ...build('rateLimited', { retryAfterMs: String(waitMs) }), retryAfterMs: waitMs };
}

/** A credential makes too many new instances (PT3). */
export function newInstancesLimited(retryAfterMs: number): WireError {
  const waitMs = wholeMs(retryAfterMs);
  return { ...build('newInstancesLimited', { retryAfterMs: String(waitMs) }), retryAfterMs: waitMs };
}

/** An operation is about an instance that is not listed. */
export function unknownInstance(key: string): WireError {
  return build('unknownInstance', { key: clip(key) });
}

/** Nothing is served at a path of HTTP. */
export function notFound(path: string): WireError {
  return build('notFound', { path: clip(path) });
}

/** A path of HTTP does not have the method. */
export function methodNotAllowed(path: string, method: string, allowed: readonly string[]): WireError {
  return build('methodNotAllowed', {
    path: clip(path),
    method: clip(method),
    allowed: allowed.join(' and '),
  });
}

/** The body of an HTTP request is too long. */
export function payloadTooLarge(maxBytes: number): WireError {
  return build('payloadTooLarge', { maxBytes: String(maxBytes) });
}

type Details = Readonly<Record<string, unknown>>;

const credentials = { canRetryWithDeviceToken: false, recommendedNextStep: 'update_auth_credentials' };
const configuration = { canRetryWithDeviceToken: false, recommendedNextStep: 'update_auth_configuration' };

const FIXED_DETAILS: Readonly<Partial<Record<FixedRefusalName, Details>>> = {
  tokenMismatch: { authReason: 'token_mismatch', ...credentials },
  tokenMissing: { authReason: 'token_missing', ...configuration },
  passwordMismatch: { authReason: 'password_mismatch', ...credentials },
  passwordMissing: { authReason: 'password_missing', ...configuration },
  deviceIdMismatch: { reason: 'device-id-mismatch' },
  deviceSignatureExpired: { reason: 'device-signature-stale' },
  deviceNonceRequired: { reason: 'device-nonce-missing' },
  deviceNonceMismatch: { reason: 'device-nonce-mismatch' },
  deviceSignatureInvalid: { reason: 'device-signature' },
  devicePublicKeyInvalid: { reason: 'device-public-key' },
};

function build(name: RefusalName, values: Readonly<Record<string, string>>, details?: Details): WireError {
  const { code, httpMessage, detail, retryable, closeCode } = REFUSALS[name];
  const message = fill(REFUSALS[name].message, values);
  return {
    name,
    code,
    message,
    retryable,
    httpStatus: statusOf(REFUSALS[name]),
    ...(httpMessage === undefined ? {} : { httpMessage }),
    ...(detail === undefined ? {} : { details: { code: detail, ...details } }),
    ...(closeCode === undefined ? {} : { closeCode, closeReason: closeReasonOf(message) }),
  };
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** What a client sent is repeated to it in part only. */
function clip(word: string): string {
  return word.length <= 128 ? word : `${word.slice(0, 128)}…`;
}

function wholeMs(ms: number): number {
  return Math.max(0, Math.ceil(ms));
}

/** Most bytes of a close reason: a control frame holds 125, two of them are the code (RFC 6455 §5.5). */
const maxReasonBytes = 123;

/** Shortens a message to what fits into a close frame, at a character boundary. */
export function closeReasonOf(message: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of message) {
    bytes += utf8Length(character);
    if (bytes > maxReasonBytes) return message.slice(0, end);
    end += character.length;
  }
  return message;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
