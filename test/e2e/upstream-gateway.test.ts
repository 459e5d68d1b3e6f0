import { chmodSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../src/core/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.ts';
import type { GatewayStatus, UpstreamConfig } from '../../src/sources/upstreams/index.ts';
import { eventually } from '../harness/eventually.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import {
  startUpstreamDouble,
  type UpstreamDouble,
  type UpstreamDoubleOptions,
} from '../harness/upstream-double.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const token = 'secret-of-the-test';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function double(options: UpstreamDoubleOptions = {}): Promise<UpstreamDouble> {
  const started = await startUpstreamDouble(options);
  endings.push(() => started.stop('killed'));
  return started;
}

/** A gateway with upstreams, read over HTTP. */
async function rollcall(options: Partial<GatewayOptions> = {}) {
  const gateway: Gateway = createGateway({
    port: 0,
    auth: { mode: 'token', token },
    drainMs: 100,
    ...options,
  });
  const { url, port } = await gateway.start();
  endings.push(() => gateway.close());
  const get = async (path: string): Promise<unknown> => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return response.headers.get('content-type')?.includes('json') ? response.json() : response.text();
  };
  const rows = async (query = ''): Promise<readonly InstanceView[]> =>
    ((await get(`/api/v1/presence${query}`)) as { instances: InstanceView[] }).instances;
  const keys = async (query = ''): Promise<string[]> =>
    (await rows(query))
      .filter(({ self }) => self !== true)
      .map(({ key }) => key)
      .sort();
  const gateways = async (): Promise<readonly GatewayStatus[]> =>
    ((await get('/api/v1/gateways')) as { gateways: GatewayStatus[] }).gateways;
  return { gateway, url, get, rows, keys, gateways };
}

/** The answer of `config.get`. */
async function configOf(url: string): Promise<unknown> {
  const client = new WireClient(url);
  endings.push(() => client.socket.terminate());
  await client.connect({ client: { mode: 'cli' }, auth: { token } });
  return client.call('config.get', {});
}

function privateFile(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-gateway-')), name);
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  return file;
}

const ui = (gateway: UpstreamDouble, id: string, more: object = {}) => ({
  ...{ host: id, instanceId: id, mode: 'ui', reason: 'connect', ts: gateway.nowMs() - 1_000 },
  ...more,
});

describe('a gateway with upstreams', () => {
  it('[PU6] [PU13] lists all rows once, one per instance, and the gateways themselves', async () => {
    const [home, office] = await Promise.all([double(), double({ instanceId: 'double-2' })]);
    home.entries = [ui(home, 'a', { roles: ['operator'] }), ui(home, 'b')];
    office.entries = [ui(office, 'A', { roles: ['node'] }), ui(office, 'c')];
    const { rows, keys, gateways, get } = await rollcall({
      upstreams: [
        { name: 'home', url: home.url },
        { name: 'office', url: office.url },
      ],
    });
    await eventually(async () => (await keys()).length === 5);
    expect(await keys()).toEqual(['a', 'b', 'c', 'gateway:home', 'gateway:office']);
    const shared = (await rows()).find(({ key }) => key === 'a');
    expect(shared).toMatchObject({ gateways: ['home', 'office'], connections: 2 });
    expect(shared?.roles?.toSorted()).toEqual(['node', 'operator']);
    expect(await keys('?gateway=office')).toEqual(['a', 'c', 'gateway:office']);
    expect(await keys('?q=gateway:home')).toEqual(['a', 'b', 'gateway:home']);
    expect(await gateways()).toMatchObject([
      { kind: 'self', state: 'up', rows: 1, version: '0.0.0' },
      { name: 'home', url: home.url, kind: 'upstream', state: 'up', version: '2026.9.6', rows: 3 },
      { name: 'office', kind: 'upstream', state: 'up', rows: 3 },
    ]);
    expect(await get('/readyz')).toEqual({ ready: true, upstreams: { total: 2, up: 2, problems: [] } });
    expect(await get('/metrics')).toContain('rollcall_upstream_up{upstream="home"} 1');
  });

  it('[PU7] [PU13] a lost upstream is named with what to do, and its rows stay, unreachable', async () => {
    const home = await double();
    home.entries = [ui(home, 'a')];
    const { rows, keys, gateways, get } = await rollcall({ upstreams: [{ name: 'home', url: home.url }] });
    await eventually(async () => (await keys()).length === 2);
    await home.stop('killed');
    await eventually(async () => (await gateways())[1]?.problem?.code === 'NETWORK');
    expect((await rows()).filter(({ unreachableSinceMs }) => unreachableSinceMs !== undefined)).toHaveLength(
      2,
    );
    expect((await gateways())[1]).toMatchObject({
      state: 'unreachable',
      problem: { whatToDo: expect.any(String) },
    });
    expect(await get('/readyz')).toMatchObject({
      ready: true,
      upstreams: { up: 0, problems: [{ name: 'home' }] },
    });
    expect(await get('/metrics')).toContain('rollcall_upstream_up{upstream="home"} 0');
  });

  it('[PU9] follows the file of rollcall upstream add, and setUpstreams, without a restart', async () => {
    const [home, office] = await Promise.all([double(), double({ instanceId: 'double-2' })]);
    const file = privateFile('upstreams.json', '{"upstreams":[]}');
    const keep = (upstreams: readonly UpstreamConfig[]): void => {
      writeFileSync(`${file}.new`, JSON.stringify({ upstreams }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    };
    const { gateway, url, keys } = await rollcall({ upstreamsFile: file });
    expect(await keys()).toEqual([]);
    keep([{ name: 'home', url: home.url }]);
    await eventually(async () => (await keys()).join() === 'gateway:home');
    gateway.setUpstreams([{ name: 'office', url: office.url }]);
    await eventually(async () => (await keys()).join() === 'gateway:home,gateway:office');
    keep([]);
    await eventually(async () => (await keys()).join() === 'gateway:office');
    // `config.get` names those in force, with the path of a secret and never the secret.
    const tokenFile = privateFile('office-token', 'token-of-the-office');
    gateway.setUpstreams([{ name: 'office', url: office.url, tokenFile }]);
    const settings = JSON.stringify(await configOf(url));
    expect(settings).toContain(JSON.stringify({ name: 'office', url: office.url, tokenFile }));
    expect(settings).not.toContain('token-of-the-office');
    expect(() => gateway.setUpstreams([{ name: 'x y', url: 'ws://a' }])).toThrow(TypeError);
  });

  it('[PU8] two gateways that are upstreams of each other show each row once, and nothing echoes', async () => {
    const home = await double();
    home.entries = [ui(home, 'deep')];
    const tokenFile = privateFile('token', `${token}\n`);
    const a = await rollcall({ upstreams: [{ name: 'home', url: home.url }] });
    const b = await rollcall({ upstreams: [{ name: 'a', url: a.url, tokenFile }] });
    a.gateway.setUpstreams([
      { name: 'home', url: home.url },
      { name: 'b', url: b.url, tokenFile },
    ]);
    await eventually(async () => (await a.keys()).join() === 'deep,gateway:b,gateway:home');
    await eventually(async () => (await b.keys()).join() === 'gateway:a');
    const { version } = (await a.get('/api/v1/presence')) as { version: number };
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await a.get('/api/v1/presence')).toMatchObject({ version });
    expect(await b.keys()).toEqual(['gateway:a']);
  });

  it('[PU12] lists and metrics hold no secret', async () => {
    const home = await double();
    const tokenFile = privateFile('token', 'very-secret-word\n');
    const { get, keys } = await rollcall({ upstreams: [{ name: 'home', url: home.url, tokenFile }] });
    await eventually(async () => (await keys()).length === 1);
    const answers = [await get('/api/v1/gateways'), await get('/api/v1/presence'), await get('/metrics')];
    expect(JSON.stringify(answers)).not.toContain('very-secret-word');
  });
});
