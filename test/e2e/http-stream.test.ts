import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventStream, openStream } from '../harness/event-stream.ts';
import { askHttp, openHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { RawWebSocket } from '../harness/raw-web-socket.ts';

const start = gatewayStarter();
const streams: EventStream[] = [];

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function open(gateway: ListeningGateway, lastEventId?: string, ask = {}): Promise<EventStream> {
  const stream = await openStream(gateway, { ...ask, lastEventId });
  streams.push(stream);
  return stream;
}

async function beacon(gateway: ListeningGateway, ...instanceIds: readonly string[]): Promise<void> {
  const body = instanceIds.map((instanceId) => ({ text: `I am ${instanceId}`, instanceId }));
  expect((await askHttp(gateway, '/api/v1/beacons', { body })).status).toBe(200);
}

/** What presence.list answers: the version, and the rows by key. */
async function roster(gateway: ListeningGateway) {
  const { json } = await askHttp(gateway, '/api/v1/presence');
  const rows = new Map<string, object>(json.instances.map((view: { key: string }) => [view.key, view]));
  return { version: json.version as number, rows };
}

/** Rows without the gateway's own, which is fresh at every reading (PR2). */
function others(rows: ReadonlyMap<string, object>): object[] {
  return [...rows]
    .filter(([key]) => key !== 'gateway-1')
    .map(([, row]) => row)
    .sort(byKey);
}

const byKey = (a: object, b: object): number =>
  (a as { key: string }).key < (b as { key: string }).key ? -1 : 1;

describe('GET /api/v1/presence/stream', () => {
  it('[PE2] starts with a snapshot and goes on with deltas', async () => {
    const gateway = await start();
    await beacon(gateway, 'early');
    const stream = await open(gateway);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const snapshot = await stream.event('snapshot');
    expect(snapshot.data).toMatchObject({ epoch: 'id-1', from: 0, to: 2, remove: [] });
    expect(snapshot.id).toBe('id-1:2');
    await beacon(gateway, 'late');
    const delta = await stream.event('delta');
    expect(delta).toMatchObject({ id: 'id-1:3', data: { from: 2, to: 3 } });
    expect(delta.data.upsert.map(({ key }: { key: string }) => key)).toEqual(['late']);
    expect(others(stream.rows())).toEqual(others((await roster(gateway)).rows));
  });

  it('[PW8] ticks, and sends shutdown before it ends', async () => {
    const gateway = await start();
    const stream = await open(gateway);
    gateway.timers.advance(30_000);
    expect((await stream.event('tick')).data).toEqual({ ts: gateway.clock.wallMs });
    void gateway.gateway.close('time to go');
    expect((await stream.event('shutdown')).data).toEqual({ reason: 'time to go' });
    await stream.ended;
  });

  it('[PW8] starts no stream while the gateway drains, and is not ready', async () => {
    const gateway = await start();
    // It does not answer the close frame, so the port stays open for a while.
    const lingering = await RawWebSocket.open(gateway.url);
    void gateway.gateway.close();
    const ready = await askHttp(gateway, '/readyz', { token: null });
    expect([ready.status, ready.json]).toEqual([503, { ready: false, reason: 'draining' }]);
    const { status, json } = await askHttp(gateway, '/api/v1/presence/stream', {
      headers: { connection: 'close' },
    });
    expect([status, json.error.code, json.error.retryable]).toEqual([503, 'UNAVAILABLE', true]);
    lingering.destroy();
  });

  it('[PE3] resumes where the reader was, without what it has', async () => {
    const gateway = await start();
    const first = await open(gateway);
    await beacon(gateway, 'a', 'b');
    await first.reached(3);
    first.close();
    await first.ended;
    await beacon(gateway, 'b', 'c');
    const second = await open(gateway, first.lastEventId);
    await second.reached(5);
    expect(second.events).toHaveLength(1);
    expect(second.deltas[0]).toMatchObject({ from: 3, to: 5 });
    expect(second.deltas[0]?.upsert.map(({ key }) => key).sort()).toEqual(['b', 'c']);
  });

  it('[PE3] a reader that is up to date receives nothing until something changes', async () => {
    const gateway = await start();
    const stream = await open(gateway, 'id-1:1');
    await beacon(gateway, 'new');
    await stream.reached(2);
    expect(stream.events.map(({ name }) => name)).toEqual(['delta']);
  });

  it.each([
    ['another epoch', 'other:1'],
    ['a version to come', 'id-1:99'],
    ['a negative version', 'id-1:-1'],
    ['the version before the first', 'id-1:0'],
    ['no version', 'id-1'],
    ['nonsense', ':::'],
    ['a number too long', 'id-1:9999999999999999999999'],
    ['a very long text', 'x'.repeat(8_000)],
  ])('[PE3] starts anew after %s', async (_, lastEventId) => {
    const stream = await open(await start(), lastEventId);
    expect((await stream.event('snapshot')).data).toMatchObject({ from: 0, to: 1 });
  });

  it('[PE3] starts with a snapshot when too many rows changed while the reader was away', async () => {
    const gateway = await start({ maxEntries: 3_000, maxNewInstancesPerMinute: 0 });
    for (let times = 0; times < 25; times += 1)
      await beacon(gateway, ...Array.from({ length: 100 }, (_, index) => `n${times}-${index}`));
    expect((await (await open(gateway, 'id-1:2')).event('snapshot')).data.to).toBe(2_501);
    expect((await (await open(gateway, 'id-1:2400')).event('delta')).data.from).toBe(2_400);
  });

  it('[PE3] resumes after any number of changes of the same rows', async () => {
    const gateway = await start();
    const many = Array.from({ length: 100 }, (_, index) => `n${index}`);
    for (let times = 0; times < 25; times += 1) await beacon(gateway, ...many);
    const { data } = await (await open(gateway, 'id-1:2')).event('delta');
    expect([data.from, data.to, data.upsert.length]).toEqual([2, 2_501, 100]);
  });

  it('[PE3] [PT1] a resumed stream always ends in the state of the server', async () => {
    const gateway = await start({ maxEntries: 6, ttlMs: 130_000 });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ does: fc.constant('beacon' as const), id: fc.nat({ max: 9 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat({ max: 90_000 }) }),
      },
      { weight: 3, arbitrary: fc.record({ does: fc.constant('break' as const) }) },
    );
    const run = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let stream = await open(gateway);
      let known = new Map<string, object>();
      for (const taken of steps) {
        if (taken.does === 'beacon') await beacon(gateway, `i${taken.id}`);
        else if (taken.does === 'wait') gateway.timers.advance(taken.ms);
        else {
          known = stream.rows(known);
          const id = stream.lastEventId;
          stream.close();
          stream = await open(gateway, id);
          if (id === undefined) known = new Map();
        }
      }
      await beacon(gateway, 'last');
      const { version, rows } = await roster(gateway);
      await stream.reached(version);
      expect(others(stream.rows(known))).toEqual(others(rows));
      stream.close();
    });
    await fc.assert(run, { numRuns: 40 });
  });

  it('[PL2] a reader that stops for a while gets the newest state in place of what it missed', async () => {
    const gateway = await start({ maxEntries: 400, requestsPerSecond: 0 });
    const stream = await open(gateway);
    await stream.event('snapshot');
    stream.response.pause();
    const tags = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(250, 'x'));
    const big = (round: number) =>
      Array.from({ length: 30 }, (_, index) => ({ text: `${round}`, instanceId: `big-${index}`, tags }));
    for (let round = 0; round < 60; round += 1) {
      await askHttp(gateway, '/api/v1/beacons', { body: big(round) });
    }
    const { version, rows } = await roster(gateway);
    stream.response.resume();
    await stream.reached(version);
    expect(others(stream.rows())).toEqual(others(rows));
    expect(stream.events.filter(({ name }) => name === 'snapshot').length).toBeGreaterThan(1);
    expect(stream.events.length).toBeLessThan(60);
    expect((await askHttp(gateway, '/metrics')).text).toMatch(/rollcall_events_conflated_total [1-9]/);
  });

  it('[PL2] a reader that takes nothing from tick to tick is disconnected', async () => {
    const gateway = await start({ requestsPerSecond: 0 });
    const response = await openHttp(gateway, '/api/v1/presence/stream');
    response.pause();
    const tags = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(250, 'x'));
    const body = Array.from({ length: 100 }, (_, index) => ({ text: 'x', instanceId: `${index}`, tags }));
    for (let round = 0; round < 20; round += 1) await askHttp(gateway, '/api/v1/beacons', { body });
    for (let ticks = 0; ticks < 2; ticks += 1) gateway.timers.advance(30_000);
    const { text } = await askHttp(gateway, '/metrics');
    expect(text).toMatch(/rollcall_slow_consumers_total 1/);
    response.destroy();
  });

  it('[PA2] is closed with its credential, and counted', async () => {
    const gateway = await start();
    const stream = await open(gateway);
    await stream.event('snapshot');
    expect((await askHttp(gateway, '/metrics')).text).toContain('rollcall_streams 1');
    stream.close();
    for (;;) if ((await askHttp(gateway, '/metrics')).text.includes('rollcall_streams 0')) break;
  });

  it('[PW9] HEAD gets the head and ends', async () => {
    const gateway = await start();
    const head = await askHttp(gateway, '/api/v1/presence/stream', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-type']).toBe('text/event-stream');
    expect((await askHttp(gateway, '/metrics')).text).toContain('rollcall_streams 0');
  });

  it('[PA6] carries the headers of every other answer', async () => {
    const gateway = await start({ allowedOrigins: ['https://ops.example'] });
    const stream = await open(gateway, undefined, { headers: { origin: 'https://ops.example' } });
    expect(stream.response.headers).toMatchObject({
      'access-control-allow-origin': 'https://ops.example',
      'x-content-type-options': 'nosniff',
    });
    expect(stream.response.headers['content-security-policy']).toContain("default-src 'none'");
  });
});
