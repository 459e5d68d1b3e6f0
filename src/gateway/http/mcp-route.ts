import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Hono } from 'hono';
import { invalidParams, refusal } from '../../protocol/index.ts';
import { joinParts } from '../../sinks/index.ts';
import type { Caller } from '../access/caller.ts';
import { type CreateMcpServer, loadMcp } from '../mcp/mcp-server.ts';
import type { CallOperation } from '../mcp/mcp-tool.ts';
import { bearer, mayCall } from './bearer.ts';
import { bodyOptions } from './caller-body.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';
import { readBody } from './request-body.ts';

/** Path of MCP requests (PM2). */
export const mcpPath = '/mcp';

/** Longest message (PM2). */
const maxBodyBytes = 65_536;

/** `POST /mcp`: the Model Context Protocol by streamable HTTP, each request by itself (PM1, PM2). */
export function mcpRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  let createServer: CreateMcpServer | undefined;
  route.post('/', bearer(context), mayCall(context, 'presence.list'), async (c) => {
    if (createServer === undefined) {
      const loaded = await loadMcp();
      if (!loaded.ok) return refuseHttp(c, refusal('mcpNotInstalled'));
      createServer = loaded.value;
    }
    const create = createServer;
    const body = await readBody(c.env.incoming, bodyOptions(c, context, maxBodyBytes));
    if (!body.ok) return refuseHttp(c, body.error);
    const message = messageOf(body.value);
    if (message === undefined)
      return refuseHttp(c, invalidParams('mcp', { path: '/', what: 'must be one JSON-RPC message' }));
    const call = callAs(c.get('caller'), context);
    const answer = await answerMessage(c.req.raw, message, () => create({ call, version: context.version }));
    answer.headers.set('Cache-Control', 'no-store');
    return answer;
  });
  return route;
}

/** Calls operations with the rights of a caller (PM1). */
function callAs(caller: Caller, { operations, operationContextOf }: HttpContext): CallOperation {
  return async (method, params) => {
    const found = operations.find(method, caller);
    if (!found.ok) return { ok: false, error: found.error.message };
    const reply = await found.value.call(params, caller, operationContextOf(caller));
    if (!reply.ok) return { ok: false, error: reply.error.message };
    return { ok: true, value: JSON.parse(joinParts(reply.payload).toString()) };
  };
}

/** A server and a transport for one message, as a stateless server is to do it. */
async function answerMessage(
  request: Request,
  message: object,
  createServer: () => ReturnType<CreateMcpServer>,
): Promise<Response> {
  const { WebStandardStreamableHTTPServerTransport } = await import(
    '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
  );
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = createServer();
  // The class of the SDK allows `undefined` where its interface has no such member.
  await server.connect(transport as Transport);
  try {
    return await transport.handleRequest(request, { parsedBody: message });
  } finally {
    await server.close();
  }
}

/** The one message of a body; a batch would count as one request of the request rate. */
function messageOf(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
