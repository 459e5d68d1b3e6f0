import { describe, expect, it } from 'vitest';
import { askHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';

const start = gatewayStarter();
const path = '/api/v1/presence';

async function withRows(): Promise<ListeningGateway> {
  const gateway = await start();
  const beacons = [
    { text: 'one', instanceId: 'one', mode: 'ui', host: 'Alpha', roles: ['operator'] },
    { text: 'two', instanceId: 'two', mode: 'webchat', host: 'beta' },
    { text: 'three', instanceId: 'three', mode: 'node', host: 'gamma', roles: ['node'] },
  ];
  await askHttp(gateway, '/api/v1/beacons', { body: beacons });
  return gateway;
}

async function keys(gateway: ListeningGateway, query: string): Promise<string[]> {
  const { status, json } = await askHttp(gateway, `${path}?${query}`);
  expect(status).toBe(200);
  return json.instances.map(({ key }: { key: string }) => key);
}

describe('GET /api/v1/presence', () => {
  it('[PF3] [PW6] answers what presence.list answers, the gateway first', async () => {
    const gateway = await withRows();
    const client = gateway.dial();
    await client.connect({ client: { mode: 'cli' } });
    const answer = await askHttp(gateway, path);
    expect(answer.json).toEqual(await client.call('presence.list'));
    expect(answer.json.instances.map(({ key }: { key: string }) => key)).toEqual([
      ...['gateway-1', 'three', 'two', 'one'],
    ]);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
      'content-length': String(Buffer.byteLength(answer.text)),
    });
  });

  it.each([
    ['', ['gateway-1', 'three', 'two', 'one']],
    ['mode=UI', ['one']],
    ['mode=ui&mode=node', ['three', 'one']],
    ['role=node', ['three']],
    ['q=ALPH', ['one']],
    ['mode=ui&q=beta', []],
    ['status=active&mode=ui', ['one']],
    ['status=stale', []],
    ['mode=&status=%20&role=&q=', ['gateway-1', 'three', 'two', 'one']],
    ['mode=&mode=ui', ['one']],
    ['mode=nobody', []],
  ])('[PS1] filters by "%s"', async (query, expected) => {
    expect(await keys(await withRows(), query)).toEqual(expected);
  });

  it('[PS5] [F15] distinguishes disconnected and present rows by state=', async () => {
    const gateway = await withRows();
    const client = gateway.dial();
    await client.connect({ client: { mode: 'ui', instanceId: 'leaver' } });
    await expect.poll(() => keys(gateway, 'state=online')).toEqual(['gateway-1', 'leaver']);
    client.close();
    await expect.poll(() => keys(gateway, 'state=disconnected')).toEqual(['leaver']);
    expect(await keys(gateway, 'state=online')).toEqual(['gateway-1']);
    expect(await keys(gateway, 'state=reporting')).toEqual(['three', 'two', 'one']);
    expect(await keys(gateway, 'state=online&state=disconnected')).toEqual(['gateway-1', 'leaver']);
  });

  it.each([
    ['colour=red', '/colour'],
    ['colour=', '/colour'],
    ['status=awake', '/status'],
    ['status=active&status=awake', '/status'],
    ['q=a&q=b', '/q'],
    [`mode=${'x'.repeat(257)}`, '/mode'],
    ['mode=%00', '/mode'],
    [Array.from({ length: 33 }, (_, index) => `mode=m${index}`).join('&'), '/mode'],
    ['__proto__=a', '__proto__'],
    ['__proto__=a&__proto__=b', '__proto__'],
    ['constructor=a', '/constructor'],
  ])('[PL4] refuses "%.40s" and names the field', async (query, field) => {
    const { status, json } = await askHttp(await start(), `${path}?${query}`);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
    expect(json.error.message).toContain(`invalid presence.list params: at `);
    expect(json.error.message).toContain(field);
  });

  it('[PF3] a reader with the newest ETag gets 304 until something changes', async () => {
    const gateway = await withRows();
    const first = await askHttp(gateway, path);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^W\/"[^"]+-\d+"$/);
    const strong = etag.replace('W/', '');
    for (const known of [etag, strong, `"other", ${etag}`, `"other",${strong}`, '*']) {
      const again = await askHttp(gateway, path, { headers: { 'if-none-match': known } });
      expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    }
    await askHttp(gateway, '/api/v1/beacons', { body: { text: 'new', instanceId: 'new' } });
    const changed = await askHttp(gateway, path, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
  });

  it('[PS1] an answer by status has no ETag: a status changes with time alone', async () => {
    const gateway = await withRows();
    const headers = { 'if-none-match': '*' };
    const active = await askHttp(gateway, `${path}?status=active`, { headers });
    expect(active.status).toBe(200);
    expect(active.headers.etag).toBeUndefined();
    gateway.timers.advance(121_000);
    const idle = await askHttp(gateway, `${path}?status=idle`);
    expect(idle.json.instances).toHaveLength(3);
  });

  it('[PW9] HEAD answers the same without a body, other methods are refused with Allow', async () => {
    const gateway = await withRows();
    const head = await askHttp(gateway, path, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.etag).toBeDefined();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await askHttp(gateway, path, { method });
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
      expect(answer.json.error.code).toBe('METHOD_NOT_ALLOWED');
    }
  });
});
