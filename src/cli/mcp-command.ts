import type { Readable } from 'node:stream';
import { keyEntries } from '../client/entry-keys.ts';
import type { CallOperation } from '../gateway/mcp/mcp-tool.ts';
import { matchesFilter, parsePresenceFilter } from '../protocol/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { GatewayCall } from './gateway-call.ts';
import { resolveTarget, type TargetFlags } from './gateway-target.ts';
import { readPresence } from './presence-reading.ts';
import { ok, type Result, refused } from './result.ts';
import { readScopes } from './scopes.ts';

/**
 * `rollcall mcp`: an MCP server on standard input and output (PM1, PM7), until its client closes the input or it is stopped.
 *
 * Standard output carries the protocol alone. An unreachable gateway makes a call fail; the server goes on.
 */
export async function runMcp(context: CommandContext, flags: TargetFlags): Promise<Result<void>> {
  const { shell, version } = context;
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  const { loadMcp } = await import('../gateway/mcp/mcp-server.ts');
  const loaded = await loadMcp();
  if (!loaded.ok) return refused(loaded.error);
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const server = loaded.value({ call: callGateway(context, flags), version });
  const ended = endOf(process.stdin, shell);
  await server.connect(new StdioServerTransport());
  await ended;
  await server.close();
  return ok(undefined);
}

/** Resolves when the client has closed the input. */
function endOf(input: Readable, { onStopSignal }: CommandContext['shell']): Promise<void> {
  return new Promise((resolve) => {
    const forget = onStopSignal(() => end());
    const end = (): void => {
      forget();
      resolve();
    };
    input.once('end', end);
    input.once('close', end);
  });
}

/** Sends each request to the gateway of the flags on a new connection. */
function callGateway(context: CommandContext, flags: TargetFlags): CallOperation {
  return async (method, params) => {
    const answer = await withGateway({
      context,
      flags,
      scopes: readScopes,
      work: (call) =>
        method === 'presence.list' && !call.serves(method)
          ? listOf(call, params)
          : call.request(method, params),
    });
    return answer.ok ? answer : { ok: false, error: `${answer.error.message}.` };
  };
}

/** The list of a gateway that serves `system-presence` alone, filtered here (PM7). */
async function listOf(call: GatewayCall, params: object): Promise<Result<unknown>> {
  const filter = parsePresenceFilter(params);
  if (!filter.ok) return refused(filter.error.message);
  const reading = await readPresence(call);
  if (!reading.ok) return reading;
  const { rows, nowMs, truncated } = reading.value;
  const keyed = keyEntries(rows, () => undefined);
  return ok({
    instances: keyed.filter((row) => matchesFilter(row, filter.value, nowMs)),
    now: Math.round(nowMs),
    truncated,
  });
}
