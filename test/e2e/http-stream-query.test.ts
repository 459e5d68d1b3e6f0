import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { EventStream } from '../harness/event-stream.ts';
import { askHttp, openHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';

const start = gatewayStarter();
const streams: EventStream[] = [];

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function open(gateway: ListeningGateway, q: string, lastEventId?: string): Promise<EventStream> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const path = `/api/v1/presence/stream?q=${encodeURIComponent(q)}`;
  const stream = new EventStream(await openHttp(gateway, path, { headers }));
  streams.push(stream);
  await stream.event('snapshot');
  return stream;
}

async function beacon(gateway: ListeningGateway, instanceId: string, mode: string): Promise<void> {
  const body = { text: instanceId, instanceId, mode };
  expect((await askHttp(gateway, '/api/v1/beacons', { body })).status).toBe(200);
}

/** Content of each event: keys of upserts, `-` before removed ones. */
const toldBy = (stream: EventStream): readonly string[] =>
  stream.deltas.map(({ upsert, remove }) =>
    [...upsert.map(({ key }) => key), ...remove.map((key) => `-${key}`)].join(' '),
  );

/** Keys that the list has for a query. */
async function listed(gateway: ListeningGateway, q: string): Promise<readonly string[]> {
  const { json } = await askHttp(gateway, `/api/v1/presence?q=${encodeURIComponent(q)}`);
  return json.instances.map(({ key }: { readonly key: string }) => key).sort();
}

describe('GET /api/v1/presence/stream?q=', () => {
  it('[PE5] sends rows that begin and cease to match, and nothing of others', async () => {
    const gateway = await start();
    await beacon(gateway, 'early', 'node');
    const stream = await open(gateway, 'mode:node');
    await beacon(gateway, 'desk', 'ui');
    await beacon(gateway, 'late', 'node');
    await beacon(gateway, 'early', 'ui');
    await stream.event('delta', ({ data }) => data.remove.length > 0);
    expect(toldBy(stream)).toEqual(['early', 'late', '-early']);
    for (const [index, { from }] of stream.deltas.entries())
      expect(from).toBe(index === 0 ? 0 : stream.deltas[index - 1]?.to);
  });

  it('[PE5] evaluates queries that depend on time with every tick', async () => {
    const gateway = await start();
    await beacon(gateway, 'desk', 'ui');
    const stream = await open(gateway, 'state:idle');
    for (let ticks = 0; ticks < 5; ticks += 1) gateway.timers.advance(30_000);
    await stream.event('delta');
    expect(toldBy(stream)).toEqual(['', 'desk']);
    await beacon(gateway, 'desk', 'ui');
    await stream.event('delta', ({ data }) => data.remove.length > 0);
    expect(toldBy(stream)).toEqual(['', 'desk', '-desk']);
  });

  it('[PE5] starts with a snapshot for a reader that reconnects', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'node');
    const first = await open(gateway, 'mode:node');
    const second = await open(gateway, 'mode:node', first.lastEventId);
    expect(toldBy(second)).toEqual(['a']);
  });

  it('[PE5] [PQ1] refuses a query that cannot be parsed, with the position', async () => {
    const gateway = await start();
    const { status, json } = await askHttp(gateway, '/api/v1/presence/stream?q=state%3Anowhere');
    expect([status, json.error.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(json.error.message).toContain('state');
  });

  it('[PE5] whatever happens, a reader has the rows that the list has', async () => {
    const gateway = await start({ maxEntries: 6, ttlMs: 400_000, requestsPerSecond: 0 });
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ id: fc.nat({ max: 7 }), mode: fc.constantFrom('ui', 'node', 'cli') }),
      },
      { weight: 2, arbitrary: fc.record({ ticks: fc.integer({ min: 1, max: 6 }) }) },
    );
    const queries = fc.constantFrom(
      'mode:node',
      'state:idle',
      '-mode:ui -state:stale',
      'i3',
      'state:reporting',
    );
    await fc.assert(
      fc.asyncProperty(queries, fc.array(step, { maxLength: 12 }), async (q, steps) => {
        const stream = await open(gateway, q);
        for (const taken of steps) {
          if ('id' in taken) await beacon(gateway, `i${taken.id}`, taken.mode);
          else for (let tick = 0; tick < taken.ticks; tick += 1) gateway.timers.advance(30_000);
        }
        gateway.timers.advance(30_000);
        const wanted = await listed(gateway, q);
        const now = gateway.clock.wallMs;
        await stream.event('tick', ({ data }) => data.ts === now);
        const known = [...stream.rows().keys()].sort();
        expect(known.filter((key) => key !== 'gateway-1')).toEqual(
          wanted.filter((key) => key !== 'gateway-1'),
        );
        stream.close();
      }),
      { numRuns: 60 },
    );
  });
});
