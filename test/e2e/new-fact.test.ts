import { afterEach, describe, expect, it, vi } from 'vitest';
import { runBeacon } from '../../src/cli/beacon-command.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { detailLines } from '../../src/cli/watch/detail-pane.ts';
import { createPresenceClient, type Instance, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { createGateway, createSystemClock, type Gateway, systemTimers } from '../../src/gateway/index.ts';
import { MemoryHub } from '../../src/sources/cluster/index.ts';
import { createFormats } from '../../src/web/format/formats.ts';
import { en } from '../../src/web/i18n/en.ts';
import { enLater } from '../../src/web/i18n/en-later.ts';
import { debugSummary } from '../../src/web/state/debug-summary.ts';
import { factSections } from '../../src/web/state/facts.ts';
import { instancesCsv, instancesJson } from '../../src/web/state/instance-table.ts';
import { testToken } from '../harness/connect-params.ts';
import { contribution, EngineRecorder, memberRecord } from '../harness/engine-recorder.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { askHttp, type HttpAnswer } from '../harness/http-client.ts';
import { until } from '../harness/until.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const english = { ...en, ...enLater };

// The one line that adds a fact. Nothing else, here or elsewhere, names it.
vi.mock('../../src/core/fields.ts', async (importOriginal) => {
  const module = await importOriginal<typeof import('../../src/core/fields.ts')>();
  const rack = {
    type: 'string',
    description: 'place in the data centre',
    from: ['connect', 'beacon'],
    section: 'machine',
  };
  return { ...module, FIELDS: { ...module.FIELDS, rack } };
});

type Racked = Instance & { readonly rack?: string };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startGateway(instanceId: string, hub: MemoryHub): Promise<{ gateway: Gateway; url: string }> {
  const gateway = createGateway({
    port: 0,
    instanceId,
    auth: { mode: 'token', token: testToken },
    cluster: { name: 'test', createEngine: (context) => hub.engine(context), replicateMs: 20 },
  });
  const { url } = await gateway.start();
  cleanups.push(() => gateway.close());
  return { gateway, url };
}

function startClient(url: string, facts: Readonly<Record<string, string>>): PresenceClient {
  const client = createPresenceClient({ url, token: testToken, client: facts, createSocket: wsSocket() });
  client.start();
  cleanups.push(() => client.stop());
  return client;
}

const rackOf = (client: PresenceClient, key: string): string | undefined =>
  (client.roster.instances.find((row) => row.key === key) as Racked | undefined)?.rack;

async function sendByCommand(url: string): Promise<void> {
  const printed: string[] = [];
  const shell = {
    env: {},
    homeFolder: undefined,
    hostName: 'vm',
    platform: 'linux',
    nowMs: () => Date.now(),
    print: (text: string) => void printed.push(text),
  };
  const sent = await runBeacon(
    { shell: shell as unknown as Shell, version: '0' },
    { url, token: testToken },
    { instanceId: 'by-command', rack: 'C3' },
  );
  expect([sent.ok, printed]).toEqual([true, ['sent: Beacon: by-command']]);
}

describe('a fact that is one line in the table of fields', () => {
  it('[PF5] [PF1] is accepted by every surface, listed, shown, searched, exported and sent to other gateways', async () => {
    const hub = new MemoryHub(createSystemClock());
    const [one, two] = [await startGateway('one', hub), await startGateway('two', hub)];
    const viewer = startClient(two.url, { mode: 'cli' });

    startClient(one.url, { instanceId: 'by-handshake', mode: 'ui', rack: 'A1' });
    const body = { text: 'b', instanceId: 'by-http', rack: 'B2' };
    expect((await askHttp(one, '/api/v1/beacons', { body })).status).toBe(200);
    await sendByCommand(one.url);

    // Over the cluster, to a viewer of the other gateway.
    await until(viewer, (client) => rackOf(client, 'by-handshake') === 'A1');
    await until(viewer, (client) => rackOf(client, 'by-http') === 'B2');
    await until(viewer, (client) => rackOf(client, 'by-command') === 'C3');

    const list = (query: string): Promise<HttpAnswer> => askHttp(two, `/api/v1/presence${query}`);
    const keysOf = async (query: string): Promise<readonly string[]> =>
      (await list(query)).json.instances.map(({ key }: Instance) => key);
    expect(await keysOf('?q=rack:b2')).toEqual(['by-http']);
    expect(await keysOf('?q=a1')).toEqual(['by-handshake']);

    const row: Racked = (await list('?q=rack:c3')).json.instances[0];
    expect(row).toMatchObject({ rack: 'C3', sources: { rack: 'beacon' } });
    expect(factSections(row, createFormats('en'), english)[1]?.facts).toContainEqual({
      field: 'rack',
      value: 'C3',
      mono: false,
      source: 'beacon',
    });
    expect(detailLines(row, Date.now())).toContainEqual({
      label: 'rack',
      value: 'C3',
      source: 'from beacon',
    });
    expect(debugSummary(row, Date.now())).toContain('\nrack: C3\n');
    const [header = '', line = ''] = instancesCsv([row], Date.now()).split('\r\n');
    expect(line.split(',')[header.split(',').indexOf('rack')]).toBe('C3');
    expect(JSON.parse(instancesJson([row], Date.now())).instances[0].rack).toBe('C3');

    // Not in the entries of OpenClaw's own clients.
    const reader = new WireClient(one.url);
    cleanups.push(() => reader.socket.terminate());
    await reader.connect({ caps: [] });
    const entries = await reader.call<readonly Racked[]>('system-presence');
    expect(entries.map(({ instanceId }) => instanceId)).toContain('by-http');
    expect(entries.some((entry) => 'rack' in entry)).toBe(false);
  });

  it('[PL4] [PF5] has the bounds of its type on every surface', async () => {
    const hub = new MemoryHub(createSystemClock());
    const { url } = await startGateway('one', hub);
    const body = { text: 'b', instanceId: 'x', rack: 'x'.repeat(257) };
    const refused = await askHttp({ url }, '/api/v1/beacons', { body });
    expect([refused.status, refused.text.includes('/rack')]).toEqual([400, true]);
  });
});

describe('a gateway of the next version in the cluster', () => {
  it('[PC9] has its rows listed with facts and producers that are unknown here', async () => {
    const clock = createSystemClock();
    const hub = new MemoryHub(clock);
    const { url } = await startGateway('one', hub);
    const newer = new EngineRecorder(hub.engine({ clock, delay: systemTimers }));
    cleanups.push(() => newer.engine.close());
    await newer.snapshot();
    const nowMs = Date.now();
    const facts = { host: 'next', ts: nowMs, battery: 80, sources: { host: 'lldp', battery: 'beacon' } };
    const said = contribution('next@1', 'new-row', nowMs, facts as object);
    await newer.engine.publish({
      contributions: [{ ...said, v: 9 } as typeof said],
      record: memberRecord('next@1', nowMs),
    });
    const rows = async (): Promise<readonly Racked[]> =>
      (await askHttp({ url }, '/api/v1/presence?q=key:new-row')).json.instances;
    await vi.waitUntil(async () => (await rows()).length === 1);
    expect((await rows())[0]).toMatchObject({ host: 'next', battery: 80, sources: facts.sources });
  });
});
