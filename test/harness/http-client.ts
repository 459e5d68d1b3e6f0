import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { testToken } from './connect-params.ts';
import type { ListeningGateway } from './listening-gateway.ts';

/** Options of a request; without `token` the right one is sent, `null` sends none. */
export interface HttpAsk {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly token?: string | null;
  /** Text or bytes as they are, anything else as JSON. */
  readonly body?: unknown;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely.
  readonly json: any;
}

/** Sends a request to the HTTP surface of a gateway; connections are not kept, and headers such as `Host` may be made up. */
export async function askHttp(
  gateway: Pick<ListeningGateway, 'url'>,
  path: string,
  ask: HttpAsk = {},
): Promise<HttpAnswer> {
  const answer = await openHttp(gateway, path, ask);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const isJson = answer.headers['content-type']?.startsWith('application/json') && text !== '';
  const json = isJson ? JSON.parse(text) : undefined;
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, json };
}

/** Sends a request, and returns the answer as soon as its head has arrived. */
export function openHttp(
  { url }: Pick<ListeningGateway, 'url'>,
  path: string,
  { method, headers = {}, token = testToken, body }: HttpAsk = {},
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...{ hostname: hostname.replace(/[[\]]/g, ''), port, path, agent: false },
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...authorization, ...headers },
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(textOrBytes(body));
  });
}

function textOrBytes(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}
