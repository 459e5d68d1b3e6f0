import type { CloseCode } from './close-table.ts';

/** Codes of `error.code` that this gateway sends. */
export type ErrorCode = 'INVALID_REQUEST' | 'FORBIDDEN' | 'UNAVAILABLE' | 'NOT_FOUND' | 'METHOD_NOT_ALLOWED';

/** One row of the table: the answer in one case. */
export interface RefusalRow {
  /** When it happens, in words; the text of the documentation. */
  readonly when: string;
  readonly code: ErrorCode;
  /** `{name}` stands for a parameter. */
  readonly message: string;
  /** The message over HTTP, where a credential is sent in another way. */
  readonly httpMessage?: string;
  /** `error.details.code`, for programs. */
  readonly detail?: string;
  /** The connection is closed after the answer, with the message as reason. */
  readonly closeCode?: CloseCode;
  /** The same request may succeed later without a change. */
  readonly retryable: boolean;
  /** Status over HTTP, where it is not that of the code ({@link statusOf}). */
  readonly httpStatus?: number;
}

/** Refusals whose message is complete as it stands. */
export type FixedRefusalName =
  | 'tokenMismatch'
  | 'tokenMissing'
  | 'passwordMismatch'
  | 'passwordMissing'
  | 'identityInvalid'
  | 'identityNotGranted'
  | 'notConnect'
  | 'invalidFrame'
  | 'invalidRole'
  | 'originNotAllowed'
  | 'deviceIdMismatch'
  | 'deviceSignatureExpired'
  | 'deviceNonceRequired'
  | 'deviceNonceMismatch'
  | 'deviceSignatureInvalid'
  | 'devicePublicKeyInvalid'
  | 'secondConnect'
  | 'textRequired'
  | 'selfRow'
  | 'foreignRow'
  | 'internalError'
  | 'tooManyConnections'
  | 'tooManyPreauthSockets'
  | 'draining'
  | 'badHost'
  | 'badTarget'
  | 'bodyEncoded'
  | 'bodyUnfinished'
  | 'mcpNotInstalled';

/** Refusals that carry parameters; each has its own function in `refusal.ts`. */
export type FilledRefusalName =
  | 'protocolMismatch'
  | 'invalidConnect'
  | 'roleNotGranted'
  | 'authRateLimited'
  | 'invalidParams'
  | 'unauthorizedRole'
  | 'missingScope'
  | 'unknownMethod'
  | 'rateLimited'
  | 'newInstancesLimited'
  | 'unknownInstance'
  | 'notFound'
  | 'methodNotAllowed'
  | 'payloadTooLarge';

export type RefusalName = FixedRefusalName | FilledRefusalName;

const invalid = { code: 'INVALID_REQUEST', retryable: false } as const;
const shut = { ...invalid, closeCode: 1008 } as const;
const forbidden = { code: 'FORBIDDEN', retryable: false } as const;
const later = { code: 'UNAVAILABLE', retryable: true } as const;

/**
 * Every refusal that is sent (PW10).
 *
 * `docs/protocol.md`, section "Errors and closes", lists the same rows, and `docs/http.md` the messages that are others over
 * HTTP; a test compares them in both directions.
 */
export const REFUSALS: Readonly<Record<RefusalName, RefusalRow>> = {
  tokenMismatch: {
    ...shut,
    when: 'wrong token',
    message: 'unauthorized: gateway token mismatch (send the token of this gateway as auth.token)',
    httpMessage:
      'unauthorized: gateway token mismatch (send the token of this gateway in the header Authorization: Bearer TOKEN)',
    detail: 'AUTH_TOKEN_MISMATCH',
    httpStatus: 401,
  },
  tokenMissing: {
    ...shut,
    when: 'no token',
    message: 'unauthorized: gateway token missing (send the token of this gateway as auth.token)',
    httpMessage:
      'unauthorized: gateway token missing (send the token of this gateway in the header Authorization: Bearer TOKEN)',
    detail: 'AUTH_TOKEN_MISSING',
    httpStatus: 401,
  },
  passwordMismatch: {
    ...shut,
    when: 'wrong password',
    message: 'unauthorized: gateway password mismatch (send the password of this gateway as auth.password)',
    httpMessage:
      'unauthorized: gateway password mismatch (send the password of this gateway in the header Authorization: Bearer PASSWORD)',
    detail: 'AUTH_PASSWORD_MISMATCH',
    httpStatus: 401,
  },
  passwordMissing: {
    ...shut,
    when: 'no password',
    message: 'unauthorized: gateway password missing (send the password of this gateway as auth.password)',
    httpMessage:
      'unauthorized: gateway password missing (send the password of this gateway in the header Authorization: Bearer PASSWORD)',
    detail: 'AUTH_PASSWORD_MISSING',
    httpStatus: 401,
  },
  authRateLimited: {
    ...shut,
    when: 'too many failed authentications from this address',
    message: 'unauthorized: too many failed authentication attempts (retry later)',
    detail: 'AUTH_RATE_LIMITED',
    httpStatus: 429,
    retryable: true,
  },
  identityInvalid: {
    ...shut,
    when: 'what a trusted proxy says of a person cannot be used: a JWT that does not count, a login that is none',
    message:
      'unauthorized: the proxy names nobody who can be believed (sign in to it again, or send a token)',
    detail: 'IDENTITY_INVALID',
    httpStatus: 401,
  },
  identityNotGranted: {
    ...shut,
    code: 'FORBIDDEN',
    when: 'person behind a trusted proxy whom no grant fits',
    message: 'this person has no rights here (ask the operator for a grant in the setting identity)',
    detail: 'IDENTITY_NOT_GRANTED',
  },
  protocolMismatch: {
    ...invalid,
    when: 'protocol range without 3 or 4',
    message: 'protocol mismatch',
    detail: 'PROTOCOL_MISMATCH',
    closeCode: 1002,
  },
  notConnect: {
    ...shut,
    when: 'first request is not `connect`',
    message: 'invalid handshake: first request must be connect',
  },
  invalidConnect: {
    ...shut,
    when: '`connect` with a missing, wrong or too long field',
    message: 'invalid connect params: at {path}: {problem}',
  },
  invalidRole: { ...shut, when: 'role other than `operator` and `node`', message: 'invalid role' },
  roleNotGranted: {
    ...shut,
    when: 'the token is not bound to this role',
    code: 'FORBIDDEN',
    message: 'role not granted: {role}',
    detail: 'ROLE_NOT_GRANTED',
  },
  originNotAllowed: {
    ...shut,
    when: 'foreign `Origin`',
    message:
      'origin not allowed (open the page from the address of the gateway, or add the origin to allowedOrigins)',
    detail: 'CONTROL_UI_ORIGIN_NOT_ALLOWED',
    httpStatus: 403,
  },
  deviceIdMismatch: {
    ...shut,
    when: 'device id does not fit the key',
    message: 'device identity mismatch',
    detail: 'DEVICE_AUTH_DEVICE_ID_MISMATCH',
  },
  deviceSignatureExpired: {
    ...shut,
    when: '`signedAt` is more than 120 s off',
    message: 'device signature expired',
    detail: 'DEVICE_AUTH_SIGNATURE_EXPIRED',
  },
  deviceNonceRequired: {
    ...shut,
    when: 'device nonce blank',
    message: 'device nonce required',
    detail: 'DEVICE_AUTH_NONCE_REQUIRED',
  },
  deviceNonceMismatch: {
    ...shut,
    when: 'device nonce is not that of the challenge',
    message: 'device nonce mismatch',
    detail: 'DEVICE_AUTH_NONCE_MISMATCH',
  },
  deviceSignatureInvalid: {
    ...shut,
    when: 'device signature wrong, or v1',
    message: 'device signature invalid',
    detail: 'DEVICE_AUTH_SIGNATURE_INVALID',
  },
  devicePublicKeyInvalid: {
    ...shut,
    when: 'device key malformed',
    message: 'device public key invalid',
    detail: 'DEVICE_AUTH_PUBLIC_KEY_INVALID',
  },
  tooManyPreauthSockets: {
    ...later,
    when: '33rd unauthenticated socket of one address',
    message: 'too many unauthenticated connections from this address',
  },
  tooManyConnections: {
    ...later,
    when: 'more than `maxConnections`',
    message: 'too many connections',
  },
  draining: {
    ...later,
    when: 'the gateway is stopping',
    message: 'the gateway is stopping (retry later)',
  },
  invalidFrame: {
    ...invalid,
    when: 'later frame is no request; answered with its id or `invalid`',
    message: 'invalid request frame',
  },
  secondConnect: {
    ...invalid,
    when: 'second `connect`',
    message: 'connect is only valid as the first request',
  },
  unknownMethod: { ...invalid, when: 'method that is not served', message: 'unknown method: {method}' },
  unauthorizedRole: {
    ...invalid,
    when: 'method of another role',
    message: 'unauthorized role: {role}',
    httpStatus: 403,
  },
  missingScope: {
    ...forbidden,
    when: 'method, or a beacon about another instance, needs a scope that was not granted',
    message: 'missing scope: {scope}',
    detail: 'MISSING_SCOPE',
  },
  invalidParams: {
    ...invalid,
    when: 'params with a missing, wrong or too long field',
    message: 'invalid {method} params: at {path}: {problem}',
  },
  textRequired: { ...invalid, when: '`system-event` without text', message: 'text required' },
  selfRow: {
    ...forbidden,
    when: "write to the gateway's own row, or mode `gateway` with reason `self`",
    message: 'the row of the gateway itself cannot be written',
    detail: 'SELF_ROW',
  },
  foreignRow: {
    ...forbidden,
    when: "report about an own row by a caller without one, and a node's beacon about another instance",
    message: 'only the row of the own connection can be written',
    detail: 'FOREIGN_ROW',
  },
  rateLimited: {
    ...later,
    when: 'more requests than `requestsPerSecond` allows',
    message: 'too many requests (retry after {retryAfterMs} ms)',
    detail: 'RATE_LIMITED',
    httpStatus: 429,
  },
  newInstancesLimited: {
    ...later,
    when: 'a new instance by a credential that made `maxNewInstancesPerMinute` of them',
    message: 'too many new instances (retry after {retryAfterMs} ms)',
    detail: 'NEW_INSTANCES_LIMITED',
    httpStatus: 429,
  },
  unknownInstance: {
    ...invalid,
    code: 'NOT_FOUND',
    when: 'operation about an instance that is not listed',
    message: 'no instance with the key {key}',
    detail: 'UNKNOWN_INSTANCE',
  },
  notFound: {
    ...invalid,
    code: 'NOT_FOUND',
    when: 'HTTP path that is not served',
    message: 'nothing at {path}',
  },
  methodNotAllowed: {
    ...invalid,
    code: 'METHOD_NOT_ALLOWED',
    when: 'HTTP method that a path does not have; `Allow` lists those that it has',
    message: '{path} is for {allowed}, not for {method}',
  },
  payloadTooLarge: {
    ...invalid,
    when: 'HTTP body that is too long',
    message: 'the body must be at most {maxBytes} bytes',
    httpStatus: 413,
  },
  bodyEncoded: {
    ...invalid,
    when: 'HTTP body with a `Content-Encoding`',
    message: 'the body must not be compressed or otherwise encoded: send it without Content-Encoding',
    httpStatus: 415,
  },
  bodyUnfinished: {
    ...later,
    when: 'HTTP body that took too long, or had no room beside others that have not ended',
    message: 'the body did not end in time, or there are too many that have not ended: send it again later',
  },
  badTarget: {
    ...invalid,
    when: 'HTTP request whose address is none',
    message: 'the address of the request is none',
  },
  badHost: {
    ...invalid,
    when: 'HTTP `Host` that names no host, or several',
    message: 'the Host header names no host',
  },
  mcpNotInstalled: {
    ...later,
    retryable: false,
    when: 'HTTP `/mcp` at a gateway without the package that it needs',
    message:
      'MCP needs the package @modelcontextprotocol/sdk, which is not installed: run npm install @modelcontextprotocol/sdk where rollcall is installed',
    httpStatus: 501,
  },
  internalError: { ...later, when: 'a fault of the gateway', message: 'internal error' },
};

const statuses: Readonly<Record<ErrorCode, number>> = {
  INVALID_REQUEST: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  UNAVAILABLE: 503,
};

/** Status of an HTTP answer for a row of the table. */
export function statusOf({ code, httpStatus }: RefusalRow): number {
  return httpStatus ?? statuses[code];
}
