import { createHash } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../src/core/index.ts';
import { createGateway } from '../../src/gateway/index.ts';
import { connectParams } from '../harness/connect-params.ts';
import { eventually } from '../harness/eventually.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { startUpstreamDouble, type UpstreamDouble } from '../harness/upstream-double.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const secret = 'rollcall_limited_to_home_0123456789';
const shared = 'secret-of-the-test';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Rows of the office, which the limited token must never receive; `shared` is at home, too. */
const hidden = /office|Office|only-work|work-secret/;

const ui = (gateway: UpstreamDouble, id: string, more: object = {}) => ({
  ...{ host: id, instanceId: id, mode: 'ui', reason: 'connect', ts: gateway.nowMs() - 1_000 },
  ...more,
});

/** A gateway of the upstreams `home` and `office`, and a named token that is limited to `home`. */
async function start() {
  const [home, office] = await Promise.all([
    startUpstreamDouble(),
    startUpstreamDouble({ instanceId: 'office-double' }),
  ]);
  endings.push(() => home.stop('killed'));
  endings.push(() => office.stop('killed'));
  home.entries = [ui(home, 'shared', { host: 'mac', roles: ['operator'] }), ui(home, 'at-home')];
  office.entries = [
    ui(office, 'shared', { host: 'work-secret', roles: ['node'], mode: 'node' }),
    ui(office, 'only-work', { mode: 'node' }),
  ];
  const tokenHash = createHash('sha256').update(secret).digest('hex');
  const limited = { name: 'guest', roles: ['operator'], scopes: ['operator.read'], gateways: ['Home'] };
  const gateway = createGateway({
    port: 0,
    drainMs: 100,
    auth: { mode: 'token', token: shared },
    tokens: [{ ...limited, tokenHash }],
    upstreams: [
      { name: 'home', url: home.url },
      { name: 'office', url: office.url },
    ],
  });
  const { url, port } = await gateway.start();
  endings.push(() => gateway.close());
  const ask = (path: string, token = secret, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${token}`, ...headers } });
  const rows = async (token = secret, query = ''): Promise<readonly InstanceView[]> =>
    ((await (await ask(`/api/v1/presence${query}`, token)).json()) as { instances: InstanceView[] })
      .instances;
  const keys = async (token = secret): Promise<readonly string[]> =>
    (await rows(token))
      .filter(({ self }) => self !== true)
      .map(({ key }) => key)
      .sort();
  await eventually(async () => (await keys(shared)).length === 5);
  const connect = async (overrides = {}): Promise<{ client: WireClient; hello: unknown }> => {
    const client = new WireClient(url);
    endings.push(() => client.socket.terminate());
    return { client, hello: await client.connect({ auth: { token: secret }, ...overrides }) };
  };
  return { home, office, url, ask, rows, keys, connect };
}

describe('a token that is limited to some gateways', () => {
  it('[PU14] lists over HTTP the rows of its gateways, with the facts and connections of these alone', async () => {
    const { ask, rows, keys, office } = await start();
    expect(await keys()).toEqual(['at-home', 'gateway:home', 'shared']);
    const row = (await rows()).find(({ key }) => key === 'shared');
    expect(row).toMatchObject({ gateways: ['home'], host: 'mac', connections: 1, mode: 'ui' });
    const answer = await ask('/api/v1/presence');
    const etag = answer.headers.get('etag') ?? '';
    expect(await answer.text()).not.toMatch(hidden);
    office.entries = [ui(office, 'only-work-too')];
    office.publish();
    await eventually(async () => (await rows(shared, '?q=only-work-too')).length === 1);
    expect((await ask('/api/v1/presence', secret, { 'If-None-Match': etag })).status).toBe(304);
    for (const path of [
      ...['?gateway=office', '?q=only', '?departed=1h', '?at=1s'].map((query) => `/api/v1/presence${query}`),
      ...['/api/v1/journal', '/api/v1/journal?who=only-work', '/api/v1/gateways'],
    ])
      expect(await (await ask(path)).text(), path).not.toMatch(hidden);
    const metrics = await ask('/metrics');
    expect(metrics.status).toBe(403);
    expect(await metrics.text()).toMatch(/limited/);
    expect((await ask('/metrics', shared)).status).toBe(200);
  });

  it('[PM1] [PU14] receives from every MCP tool and resource rows of its gateways alone, whatever it requests', async () => {
    const { url, rows, keys } = await start();
    expect(await keys()).toHaveLength(3);
    const connect = async (token: string): Promise<Client> => {
      const client = new Client({ name: 'test', version: '1.0.0' });
      endings.push(() => client.close());
      const address = new URL(`${url.replace('ws', 'http')}/mcp`);
      const headers = { Authorization: `Bearer ${token}` };
      await client.connect(
        new StreamableHTTPClientTransport(address, { requestInit: { headers } }) as Transport,
      );
      return client;
    };
    const [limited, unlimited] = await Promise.all([connect(secret), connect(shared)]);
    const words = [
      ...['shared', 'only-work', 'work-secret', 'office', 'gateway:office', 'at-home', 'mac', ''],
      ...['mode:node', '-mode:ui', 'state:online,stale,disconnected', 'gateway:office', 'gateway:home'],
    ];
    const asked = fc.record({
      tool: fc.constantFrom('who_is_here', 'find_instance', 'what_changed', 'explain_absence'),
      word: fc.constantFrom(...words),
      limit: fc.integer({ min: 1, max: 200 }),
    });
    // The text of the request may come back; hidden rows may not.
    const heard = (answer: unknown, word: string): string =>
      JSON.stringify(answer).replaceAll(JSON.stringify(JSON.stringify(word)).slice(1, -1), '');
    await fc.assert(
      fc.asyncProperty(asked, async ({ tool, word, limit }) => {
        const args = {
          who_is_here: { q: word, limit },
          find_instance: { query: word || 'a', limit },
          what_changed: { q: word, since: '7d', limit },
          explain_absence: { who: word || 'a' },
        }[tool];
        expect(heard(await limited.callTool({ name: tool, arguments: args }), word)).not.toMatch(hidden);
      }),
      { numRuns: 60 },
    );
    expect(JSON.stringify(await limited.readResource({ uri: 'rollcall://presence' }))).not.toMatch(hidden);
    for (const key of ['only-work', 'gateway:office'])
      await expect(
        limited.readResource({ uri: `rollcall://instances/${encodeURIComponent(key)}` }),
      ).rejects.toThrow();
    const all = await unlimited.callTool({ name: 'who_is_here', arguments: {} });
    expect(JSON.stringify(all)).toMatch(hidden);
    expect(await rows(shared)).toHaveLength(6);
  });

  it('[PU14] receives over the WebSocket rows of its gateways alone, whatever it requests', async () => {
    const { connect, home, office, rows } = await start();
    const readers = await Promise.all([connect({ caps: ['presence-delta'] }), connect()]);
    const version = (hello: unknown) =>
      (hello as { snapshot: { stateVersion: { presence: number } } }).snapshot.stateVersion.presence;
    for (const { client, hello } of readers) {
      expect(version(hello)).toBeLessThan(20);
      for (const method of [
        'system-presence',
        'presence.list',
        'node.list',
        'presence.journal',
        'gateways.list',
      ])
        await client.call(method, {});
      expect(await client.call('config.get', {})).not.toHaveProperty('settings.upstreams');
      expect(await client.call('status', {})).toMatchObject({
        presence: { entries: 4 },
        connections: { connected: 0 },
      });
      for (const key of ['only-work', 'gateway:office', 'nobody']) {
        const beacon = await client.ask('system-event', { text: 'x', instanceId: key });
        expect(beacon).toMatchObject({ ok: false, error: { message: 'missing scope: operator.write' } });
      }
    }
    office.entries = [ui(office, 'only-work', { host: 'Office again' })];
    office.publish();
    await eventually(async () => (await rows(shared, '?q=again')).length === 1);
    home.entries = [...home.entries, ui(home, 'newcomer')];
    home.publish();
    for (const { client } of readers) {
      await client.frame((frame) => frame.type === 'event' && JSON.stringify(frame).includes('newcomer'));
      for (const frame of client.frames) expect(JSON.stringify(frame)).not.toMatch(hidden);
    }
  });

  it('[PU14] cannot find out by connecting as it whether there is a gateway', async () => {
    const { url } = await start();
    for (const name of ['office', 'nobody']) {
      const client = new WireClient(url);
      endings.push(() => client.socket.terminate());
      await client.nonce();
      const params = connectParams({ auth: { token: secret } });
      const named = {
        ...params,
        client: { ...(params as { client: object }).client, instanceId: `gateway:${name}` },
      };
      expect((await client.refused('connect', named)).details).toMatchObject({ code: 'SELF_ROW' });
    }
  });

  it('[PU14] [PE3] a stream resumes where it was, with versions and an epoch of its own', async () => {
    const { ask, home, office, rows } = await start();
    const read = async (lastEventId: string | undefined, ends: string): Promise<string> => {
      const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
      const { body } = await ask('/api/v1/presence/stream', secret, headers);
      let text = '';
      for await (const part of body ?? []) {
        text += Buffer.from(part).toString();
        if (text.includes(ends)) return text;
      }
      return text;
    };
    const first = await read(undefined, 'at-home');
    const id = /^id: (.*)$/m.exec(first)?.[1];
    office.entries = [];
    office.publish();
    home.entries = [...home.entries, ui(home, 'newcomer')];
    home.publish();
    await eventually(async () => (await rows(secret, '?q=newcomer')).length === 1);
    const resumed = await read(id, 'newcomer');
    expect(resumed).toMatch(/event: delta/);
    expect(resumed).not.toMatch(/event: snapshot/);
    expect(first + resumed).not.toMatch(hidden);
  });

  it('[PU14] is refused when it could write, or is a node', () => {
    const base = { name: 'x', tokenHash: 'a'.repeat(64), gateways: ['home'] };
    const made = (token: object) => () =>
      createGateway({ auth: { mode: 'token', token: shared }, tokens: [{ ...base, ...token } as never] });
    expect(made({ roles: ['operator'], scopes: ['operator.admin'] })).toThrow(
      /only reads: leave out the scope/,
    );
    expect(made({ roles: ['node'], scopes: [] })).toThrow(/leave out the role node/);
  });
});
