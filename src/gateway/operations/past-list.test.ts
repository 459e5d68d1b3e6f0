import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askHttp } from '../../../test/harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../../../test/harness/listening-gateway.ts';

const start = gatewayStarter();

async function beacon(gateway: ListeningGateway, name: string): Promise<void> {
  const body = { text: 'x', instanceId: name, host: `host-${name}`, mode: name === 'b' ? 'ui' : 'node' };
  expect((await askHttp(gateway, '/api/v1/beacons', { body })).status).toBe(200);
  gateway.clock.advance(10_000);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely.
async function list(gateway: ListeningGateway, query = ''): Promise<any> {
  const { status, json } = await askHttp(gateway, `/api/v1/presence${query}`);
  expect([status, json]).toEqual([200, expect.anything()]);
  return json;
}

const keysOf = ({ instances }: { instances: readonly { key: string }[] }): readonly string[] =>
  instances.map(({ key }) => key).toSorted();

const remove = (gateway: ListeningGateway, key: string) =>
  askHttp(gateway, `/api/v1/presence/${key}`, { method: 'DELETE' });

describe('lists of the past', () => {
  it('[PJ10] a list says where the journal is: what came after it is exactly what follows', async () => {
    const gateway = await start();
    await beacon(gateway, 'a');
    const { journalCursor } = await list(gateway);
    expect(await list(gateway, '?mode=ui')).toMatchObject({ journalCursor });
    await beacon(gateway, 'b');
    const { json } = await askHttp(gateway, `/api/v1/journal?cursor=${journalCursor}`);
    expect(json).toMatchObject({ entries: [{ key: 'b', kind: 'joined' }] });
    expect(json.cutOffAtMs).toBeUndefined();
  });

  it('[PJ10] [PJ4] ?at= is the list that was answered then, at any moment', async () => {
    const gateway = await start();
    const recorded: { readonly at: number; readonly keys: readonly string[] }[] = [];
    const steps = fc.sample(
      fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), removed: fc.boolean() }),
      40,
    );
    for (const { name, removed } of steps) {
      if (removed) await remove(gateway, name);
      else await beacon(gateway, name);
      gateway.clock.advance(1_000);
      recorded.push({ at: gateway.clock.wallMs, keys: keysOf(await list(gateway)) });
      gateway.clock.advance(1_000);
    }
    for (const { at, keys } of recorded) {
      const past = await list(gateway, `?at=${at}`);
      expect([past.at, keysOf(past)]).toEqual([at, keys]);
      expect(past.instances[0]).toMatchObject({ self: true });
    }
  });

  it('[PJ10] rows of the past say how they stood and since when; filters fit', async () => {
    const gateway = await start();
    const joined = gateway.clock.wallMs;
    await beacon(gateway, 'a');
    await beacon(gateway, 'b');
    const past = await list(gateway, '?at=5s&mode=node');
    expect(past.instances).toEqual([
      expect.objectContaining({ key: 'a', host: 'host-a', state: 'reporting', ts: joined, connections: 0 }),
    ]);
    const client = gateway.dial();
    await client.connect();
    expect(await client.call('presence.list', { at: '15s' })).toMatchObject({
      at: joined + 5_000,
      instances: [{ self: true }, { key: 'a' }],
    });
    expect(keysOf(await list(gateway, '?at=1s&q=host-b'))).toEqual(['b']);
  });

  it.each([
    ['at=1d', '/at: the journal begins at 2'],
    ['at=2100-01-01', '/at: must not be in the future'],
    ['at=noon', '/at: must be milliseconds since the epoch'],
    ['departed=noon', '/departed: must be milliseconds since the epoch'],
    ['at=1s&departed=1h', '/departed: cannot be asked together with at'],
  ])('[PJ10] ?%s is refused: %s', async (query, message) => {
    const gateway = await start();
    const { status, json } = await askHttp(gateway, `/api/v1/presence?${query}`);
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it('[PJ8] [PJ10] the departed, with last seen and cause, until they are back', async () => {
    const gateway = await start();
    await beacon(gateway, 'a');
    const client = gateway.dial();
    await client.connect({ client: { instanceId: 'c', mode: 'node' } });
    gateway.clock.advance(20_000);
    const left = gateway.clock.wallMs;
    client.socket.close(1000, 'bye');
    await expect.poll(async () => keysOf(await list(gateway, '?departed=1h'))).toEqual(['c']);
    const { instances, cutOffAtMs, departedSinceMs } = await list(gateway, '?departed=1h');
    expect(departedSinceMs).toBe(gateway.clock.wallMs - 3_600_000);
    expect(cutOffAtMs).toBeGreaterThan(departedSinceMs);
    expect(instances).toMatchObject([
      { key: 'c', state: 'disconnected', leftAtMs: left, lastSeenMs: left, cause: { code: 'closed' } },
    ]);
    expect(instances[0].cause.evidence).toContain('bye');
    gateway.clock.advance(60_000);
    expect(keysOf(await list(gateway, '?departed=59s'))).toEqual([]);
    const again = gateway.dial();
    await again.connect({ client: { instanceId: 'c', mode: 'node' } });
    expect(keysOf(await list(gateway, '?departed=1h'))).toEqual([]);
  });

  it('[PJ8] [PO7] [PJ2] who was removed, and by whom', async () => {
    const gateway = await start();
    await beacon(gateway, 'a');
    expect((await remove(gateway, 'a')).status).toBe(200);
    const { instances } = await list(gateway, '?departed=1h');
    expect(instances).toMatchObject([
      { key: 'a', state: 'gone', leftAtMs: gateway.clock.wallMs, lastSeenMs: gateway.clock.wallMs },
    ]);
    const { json } = await askHttp(gateway, '/api/v1/journal?kinds=removed');
    expect(json.entries).toMatchObject([{ key: 'a', kind: 'removed', cause: { code: 'removed' } }]);
    expect(json.entries[0].cause.evidence).toMatch(/token/);
    expect(instances[0].cause).toEqual(json.entries[0].cause);
  });
});
