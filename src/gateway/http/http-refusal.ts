import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WireError } from '../../protocol/index.ts';

/** Status of an HTTP answer for a refusal of the one table of refusals (PW10). */
export function statusOfRefusal(error: WireError): ContentfulStatusCode {
  const detail = error.details?.['code'];
  if (detail === 'AUTH_RATE_LIMITED') return 429;
  if (detail === 'CONTROL_UI_ORIGIN_NOT_ALLOWED') return 403;
  if (typeof detail === 'string' && detail.startsWith('AUTH_')) return 401;
  switch (error.code) {
    case 'FORBIDDEN':
      return 403;
    case 'UNAVAILABLE':
      return error.retryAfterMs === undefined ? 503 : 429;
    case 'INVALID_REQUEST':
      return 400;
  }
}

/** What an answer says beside the refusal. */
export interface HttpRefusal {
  /** Which of several beacons is at fault. */
  readonly index?: number | undefined;
  /** Status where HTTP has a better one than that of the refusal. */
  readonly status?: ContentfulStatusCode;
}

/** Answers with a refusal: the same fields as on the WebSocket, with what to do over HTTP. */
export function refuseHttp(context: Context, refusal: WireError, more: HttpRefusal = {}): Response {
  const { code, details, retryable, retryAfterMs } = refusal;
  const message = refusal.httpMessage ?? refusal.message;
  const { index, status = statusOfRefusal(refusal) } = more;
  if (status === 401) context.header('WWW-Authenticate', 'Bearer realm="rollcall"');
  if (retryAfterMs !== undefined) context.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  context.header('Cache-Control', 'no-store');
  return context.json({ error: { code, message, details, retryable, retryAfterMs, index } }, status);
}
