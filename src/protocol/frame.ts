import { LIMITS } from './limits.ts';
import type { WireError } from './refusal.ts';

/** What a text from a client turned out to be. */
export type ParsedFrame =
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly method: string;
      /** Not looked at yet; `undefined` when absent. */
      readonly params: unknown;
    }
  | { readonly kind: 'not-json' }
  | {
      readonly kind: 'invalid';
      /** The id of the frame, when it has a usable one, so that the answer can name it. */
      readonly id?: string;
    };

/** Versions of the gateway's state, as hello and events carry them. */
export interface StateVersion {
  readonly presence: number;
  readonly health: number;
}

/**
 * Reads a frame that a client sent (PW1). Never throws.
 *
 * Fields that a request does not need, such as `traceparent`, are ignored. An id or method that is blank or longer
 * than 256 characters makes the frame invalid.
 */
export function parseFrame(text: string): ParsedFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: 'not-json' };
  }
  return isRecord(frame) ? requestOf(frame) : { kind: 'invalid' };
}

/** The text of a successful answer. */
export function responseFrame(id: string, payload: unknown): string {
  return responseFrameJson(id, JSON.stringify(payload) ?? 'null');
}

/** The text of a successful answer whose payload is JSON already. */
export function responseFrameJson(id: string, payloadJson: string): string {
  return `{"type":"res","id":${JSON.stringify(id)},"ok":true,"payload":${payloadJson}}`;
}

/** The text of a refusal. How the connection is closed after it stays out. */
export function errorFrame(id: string, refusal: WireError): string {
  const { code, message, details, retryable, retryAfterMs } = refusal;
  const error = { code, message, details, retryable, retryAfterMs };
  return JSON.stringify({ type: 'res', id, ok: false, error });
}

/** The text of an event; `undefined` as payload leaves it out. */
export function eventFrame(
  event: string,
  payload: unknown,
  options: { readonly seq?: number; readonly stateVersion?: StateVersion } = {},
): string {
  const prefix = eventFramePrefix(event, JSON.stringify(payload), options.stateVersion);
  return options.seq === undefined ? `${prefix}}` : prefix + eventFrameSuffix(options.seq);
}

/** The text of an event whose payload, and version if any, are JSON already. */
export function eventFrameJson(
  event: string,
  payloadJson: string,
  seq?: number,
  stateVersionJson?: string,
): string {
  const prefix = prefixOf(event, payloadJson, stateVersionJson);
  return seq === undefined ? `${prefix}}` : prefix + eventFrameSuffix(seq);
}

/**
 * The part of an event that is the same for every reader: everything before the sequence number.
 *
 * `prefix + eventFrameSuffix(seq)` is the frame, so that a change is serialized once whatever the number of readers.
 */
export function eventFramePrefix(
  event: string,
  payloadJson: string | undefined,
  stateVersion?: StateVersion,
): string {
  if (stateVersion === undefined) return prefixOf(event, payloadJson, undefined);
  const { presence, health } = stateVersion;
  return prefixOf(event, payloadJson, `{"presence":${presence},"health":${health}}`);
}

/** The part of an event before its payload; payload, {@link eventFrameMiddle} and {@link eventFrameSuffix} follow. */
export function eventFrameHead(event: string): string {
  return `{"type":"event","event":${JSON.stringify(event)},"payload":`;
}

/** The part of an event between its payload and its sequence number. */
export function eventFrameMiddle({ presence, health }: StateVersion): string {
  return `,"stateVersion":{"presence":${presence},"health":${health}}`;
}

/** The end of an event with the sequence number of one connection (PW7). */
export function eventFrameSuffix(seq: number): string {
  return `,"seq":${seq}}`;
}

function prefixOf(
  event: string,
  payloadJson: string | undefined,
  stateVersionJson: string | undefined,
): string {
  const payload = payloadJson === undefined ? '' : `,"payload":${payloadJson}`;
  const version = stateVersionJson === undefined ? '' : `,"stateVersion":${stateVersionJson}`;
  return `{"type":"event","event":${JSON.stringify(event)}${payload}${version}`;
}

function requestOf(frame: Readonly<Record<string, unknown>>): ParsedFrame {
  const { type, id, method, params } = frame;
  if (!isName(id)) return { kind: 'invalid' };
  if (type !== 'req' || !isName(method)) return { kind: 'invalid', id };
  return { kind: 'request', id, method, params };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.maxWordLength && value.trim() !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
