import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Figures, ServerUnderTest } from '../job.ts';
import { startPhase } from '../load/phase.ts';
import { seedRows } from '../load/seed-rows.ts';
import { percentile } from '../statistics.ts';
import { cpuMetrics, type Run, type Scenario } from './scenario.ts';

/** A client of a language model. */
export const mcpCall: Scenario = {
  name: 'mcp-call',
  title: 'MCP call',
  about:
    'The client of the official SDK calls who_is_here over /mcp, one call after another; nothing changes meanwhile. The plain way asks ' +
    'for the list over HTTP and parses it.',
  sizeUnit: 'rows',
  sizes: [200],
  quickSizes: [50],
  contenders: ['http-list', 'mcp'],
  baseline: 'http-list',
  metrics: [
    { key: 'p50Ms', label: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99Ms', label: 'p99', unit: 'ms', better: 'less' },
    { key: 'cpuMillisPerCall', label: 'server CPU per call', unit: 'ms', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: size + 100 }),
  run,
};

async function run({ size, quick, server, contender }: Run): Promise<Figures> {
  await seedRows(server, size);
  const caller = contender.id === 'mcp' ? await mcpCaller(server) : listCaller(server);
  await callFor(caller, quick ? 100 : 1_000, size);
  const end = startPhase(server.pid);
  const tookMs = await callFor(caller, quick ? 300 : 4_000, size);
  const cost = end();
  await caller.close();
  return {
    ...cost,
    p50Ms: percentile(tookMs, 50),
    p99Ms: percentile(tookMs, 99),
    cpuMillisPerCall: (cost.serverCpuSeconds * 1_000) / tookMs.length,
  };
}

/** Cost of repeated calls of the list. */
interface Caller {
  /** Calls the tool and returns the number of instances. */
  call(): Promise<number>;
  close(): Promise<void>;
}

async function mcpCaller({ port, token }: ServerUnderTest): Promise<Caller> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${token}` };
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }) as Transport);
  // From here on the client checks every answer against the schema of the tool.
  await client.listTools();
  return {
    async call() {
      const { structuredContent } = await client.callTool({ name: 'who_is_here', arguments: {} });
      return (structuredContent as { readonly instances?: number }).instances ?? 0;
    },
    close: () => client.close(),
  };
}

function listCaller({ port, token }: ServerUnderTest): Caller {
  const headers = { Authorization: `Bearer ${token}` };
  return {
    async call() {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/presence`, { headers });
      const { instances } = (await answer.json()) as { readonly instances: readonly unknown[] };
      return instances.length;
    },
    close: () => Promise.resolve(),
  };
}

/** Calls for a while; returns how long each call took, and throws when an answer counts fewer rows than were seeded. */
async function callFor(caller: Caller, forMs: number, rows: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (const untilMs = performance.now() + forMs; performance.now() < untilMs; ) {
    const askedMs = performance.now();
    const instances = await caller.call();
    tookMs.push(performance.now() - askedMs);
    if (instances < rows) throw new Error(`an answer of ${instances} instances where ${rows} were seeded`);
  }
  return tookMs;
}
