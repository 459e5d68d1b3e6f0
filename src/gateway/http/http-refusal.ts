import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WireError } from '../../protocol/index.ts';

/**
 * Answers with a refusal of the one table (PW10): the same fields as on the WebSocket, with what to do over HTTP.
 *
 * @param index which item of a list is at fault.
 */
export function refuseHttp(context: Context, refusal: WireError, index?: number): Response {
  const { code, details, retryable, retryAfterMs, httpStatus } = refusal;
  const message = refusal.httpMessage ?? refusal.message;
  if (httpStatus === 401) context.header('WWW-Authenticate', 'Bearer realm="rollcall"');
  if (httpStatus === 415) context.header('Accept-Encoding', 'identity');
  if (retryAfterMs !== undefined) context.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  context.header('Cache-Control', 'no-store');
  const error = { code, message, details, retryable, retryAfterMs, index };
  return context.json({ error }, httpStatus as ContentfulStatusCode);
}
