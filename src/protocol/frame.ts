import { LIMITS } from './limits.ts';
import type { WireError } from './refusal.ts';

/** A text from a client, parsed. */
export type ParsedFrame =
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly method: string;
      /** Not checked yet; `undefined` when absent. */
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

/** The part of a successful answer before its payload; the JSON of the payload and {@link responseFrameSuffix} follow. */
export function responseFrameHead(id: string): string {
  return `{"type":"res","id":${JSON.stringify(id)},"ok":true,"payload":`;
}

/** The end of a successful answer. */
export const responseFrameSuffix = '}';

/** The text of a refusal. How the connection is closed after it stays out. */
export function errorFrame(id: string, refusal: WireError): string {
  const { code, message, details, retryable, retryAfterMs } = refusal;
  const error = { code, message, details, retryable, retryAfterMs };
  return JSON.stringify({ type: 'res', id, ok: false, error });
}

/** The text of an event that carries no sequence number. */
export function eventFrame(event: string, payload: object): string {
  return `${eventFramePrefix(event, payload)}}`;
}

/**
 * The part of an event without state version that is the same for every reader.
 *
 * `prefix + eventFrameSuffix(seq)` is the frame, so that it is serialized once whatever the number of readers.
 */
export function eventFramePrefix(event: string, payload: object): string {
  return eventFrameHead(event) + JSON.stringify(payload);
}

/**
 * The part of an event before its payload.
 *
 * The JSON of the payload, {@link eventFrameMiddle} when the event has a state version, and {@link eventFrameSuffix} follow.
 */
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
