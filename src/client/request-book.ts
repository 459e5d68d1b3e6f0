import { fields } from './wire.ts';

/** The error of an answer, as it stands on the wire. */
export interface WireError {
  readonly code?: string;
  readonly message?: string;
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** The gateway answered a request with an error. */
export class GatewayRequestError extends Error {
  override readonly name = 'GatewayRequestError';
  /** Stable word; `UNAVAILABLE` when the gateway gave none. */
  readonly code: string;
  readonly details?: unknown;
  readonly retryable: boolean;
  /** How long to wait before another attempt, milliseconds; absent when the gateway gave none. */
  readonly retryAfterMs?: number;

  constructor({ code, message, details, retryable, retryAfterMs }: WireError) {
    super(message ?? 'the gateway answered with an error');
    this.code = code ?? 'UNAVAILABLE';
    if (details !== undefined) this.details = details;
    this.retryable = retryable === true;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** No answer came in time. Whether the gateway carried out the request is unknown. */
export class GatewayTimeoutError extends Error {
  override readonly name = 'GatewayTimeoutError';
  readonly code = 'CLIENT_TIMEOUT';
  readonly method: string;
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number) {
    super(`no answer to ${method} within ${timeoutMs} ms`);
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}

interface PendingRequest {
  readonly resolve: (payload: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The pending requests of one client, each with its deadline. */
export class RequestBook {
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, PendingRequest>();
  #lastId = 0;

  /** `timeoutMs`: the longest wait for an answer. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Sends a request; ids are never used twice. */
  send(send: (text: string) => void, method: string, params: unknown): Promise<unknown> {
    const id = String(++this.#lastId);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(id)?.reject(new GatewayTimeoutError(method, this.#timeoutMs));
      }, this.#timeoutMs);
      (timer as { unref?: () => void }).unref?.();
      this.#pending.set(id, { resolve, reject, timer });
      try {
        send(JSON.stringify({ type: 'req', id, method, params }));
      } catch (error) {
        this.#take(id)?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Settles the request that a response frame answers; answers without a request are ignored. */
  answer(frame: object): void {
    const { id, ok, payload, error } = fields<ResponseFrame>(frame);
    const request = typeof id === 'string' ? this.#take(id) : undefined;
    if (request === undefined) return;
    if (ok === true) request.resolve(payload);
    else request.reject(new GatewayRequestError(readError(error)));
  }

  /** Rejects all that still wait. */
  fail(error: Error): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }

  #take(id: string): PendingRequest | undefined {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(request?.timer);
    return request;
  }
}

interface ResponseFrame {
  readonly id: unknown;
  readonly ok: unknown;
  readonly payload: unknown;
  readonly error: unknown;
}

function readError(value: unknown): WireError {
  const { code, message, details, retryable, retryAfterMs } = fields<Record<keyof WireError, unknown>>(value);
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof message === 'string' && { message }),
    ...(details !== undefined && { details }),
    ...(retryable === true && { retryable }),
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  };
}
