import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Figures, ServerUnderTest } from '../job.ts';
import { startPhase } from '../load/phase.ts';
import { percentile } from '../statistics.ts';
import { cpuMetrics, type Run, type Scenario } from './scenario.ts';

/** A language model that asks. */
export const mcpCall: Scenario = {
  name: 'mcp-call',
  title: 'MCP call',
  about:
    'The client of the official SDK calls who_is_here over /mcp, one call after another; nothing changes meanwhile.',
  sizeUnit: 'rows',
  sizes: [200],
  quickSizes: [50],
  contenders: ['rollcall'],
  baseline: 'rollcall',
  metrics: [
    { key: 'p50Ms', label: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99Ms', label: 'p99', unit: 'ms', better: 'less' },
    { key: 'cpuMillisPerCall', label: 'server CPU per call', unit: 'ms', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: size + 100 }),
  run,
};

async function run({ size, quick, server }: Run): Promise<Figures> {
  await seed(server, size);
  const client = await connect(server);
  await callFor(client, quick ? 100 : 1_000, size);
  const end = startPhase(server.pid);
  const tookMs = await callFor(client, quick ? 300 : 4_000, size);
  const cost = end();
  await client.close();
  return {
    ...cost,
    p50Ms: percentile(tookMs, 50),
    p99Ms: percentile(tookMs, 99),
    cpuMillisPerCall: (cost.serverCpuSeconds * 1_000) / tookMs.length,
  };
}

/** Describes so many instances by beacons. */
async function seed({ port, token }: ServerUnderTest, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += 100) {
    const beacons = Array.from({ length: Math.min(100, rows - first) }, (_, index) => ({
      ...{ text: 'seeded', instanceId: `row-${first + index}`, host: `host-${first + index}`, mode: 'node' },
      ...{ ip: '192.0.2.1', version: '1.0.0', platform: 'linux 6.18.0', reason: 'periodic' },
    }));
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/beacons`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(beacons),
    });
    if (!answer.ok) throw new Error(`seeding was refused: ${await answer.text()}`);
  }
}

async function connect({ port, token }: ServerUnderTest): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${token}` };
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }) as Transport);
  // From here on the client checks every answer against the schema of the tool.
  await client.listTools();
  return client;
}

/** Calls for a while; returns how long each call took, and throws when an answer counts fewer rows than were seeded. */
async function callFor(client: Client, forMs: number, rows: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (const untilMs = performance.now() + forMs; performance.now() < untilMs; ) {
    const askedMs = performance.now();
    const { structuredContent } = await client.callTool({ name: 'who_is_here', arguments: {} });
    tookMs.push(performance.now() - askedMs);
    const { instances = 0 } = structuredContent as { readonly instances?: number };
    if (instances < rows) throw new Error(`an answer of ${instances} instances where ${rows} were seeded`);
  }
  return tookMs;
}
