import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type InstanceView, silentLogger } from '../../src/core/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';
import {
  type GatewayStatus,
  type MemberWriter,
  makeDeviceFile,
  type UpstreamConfig,
  Upstreams,
} from '../../src/sources/upstreams/index.ts';
import { eventually } from '../harness/eventually.ts';
import {
  DoubleRefusal,
  helloGranting,
  startUpstreamDouble,
  type UpstreamDouble,
  type UpstreamDoubleOptions,
} from '../harness/upstream-double.ts';

/** Stores what upstreams write, as a roster would. */
class WrittenRows implements MemberWriter {
  readonly rows = new Map<string, Map<string, InstanceView>>();
  readonly unreachable = new Set<string>();
  readonly gone: string[] = [];

  addMember({ id }: { id: string }): void {
    this.rows.set(id, new Map());
  }
  writeMember(
    id: string,
    { upsert, remove }: { upsert: readonly InstanceView[]; remove: readonly string[] },
  ): void {
    for (const row of upsert) this.rows.get(id)?.set(row.key, row);
    for (const key of remove) if (this.rows.get(id)?.delete(key)) this.gone.push(key);
  }
  setMemberStatus(id: string, { kind }: { kind: string }): void {
    if (kind === 'up') this.unreachable.delete(id);
    else this.unreachable.add(id);
  }
  removeMember(id: string): void {
    this.rows.delete(id);
    this.unreachable.delete(id);
  }
  keys(id: string): string[] {
    return [...(this.rows.get(id)?.keys() ?? [])].sort();
  }
}

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function reading(ownInstanceId = 'me') {
  const members = new WrittenRows();
  const logged: string[] = [];
  const log = (context: object, message: string) => void logged.push(JSON.stringify({ context, message }));
  const upstreams = new Upstreams({
    ...{
      members,
      ownInstanceId,
      ownName: 'here',
      ttlMs: 300_000,
      maxRows: 200,
      random: Math.random,
      version: '1',
      newId: randomUUID,
    },
    clock: createSystemClock(),
    timers: systemTimers,
    logger: { ...silentLogger, info: log, warn: log },
  });
  endings.push(() => upstreams.close());
  const status = (name: string): GatewayStatus | undefined =>
    upstreams.status().find((gateway) => gateway.name === name);
  return { members, upstreams, status, logged };
}

async function double(options: UpstreamDoubleOptions = {}): Promise<UpstreamDouble> {
  const started = await startUpstreamDouble(options);
  endings.push(() => started.stop('killed'));
  return started;
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-upstreams-'));

function secretFile(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const ui = (gateway: UpstreamDouble, id: string) => ({
  host: id,
  instanceId: id,
  mode: 'ui',
  reason: 'connect',
  ts: gateway.nowMs() - 1_000,
});

describe('a link to an upstream', () => {
  it.each([
    ['protocol 4', {}],
    ['protocol 3', { protocol: 3 as const }],
    ['a clock an hour ahead', { clockAheadMs: 3_600_000 }],
    ['a clock an hour behind', { clockAheadMs: -3_600_000 }],
  ])('[PU2] [PU11] reads a gateway of %s, and asks for no more than reading', async (_, options) => {
    const home = await double(options);
    home.entries = [ui(home, 'a')];
    const { upstreams, members, status } = reading();
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => members.keys('home').length === 2);
    expect(members.keys('home')).toEqual(['a', 'gateway:home']);
    expect(Math.abs((members.rows.get('home')?.get('a')?.ts ?? 0) - (Date.now() - 1_000))).toBeLessThan(
      1_000,
    );
    expect(home.requests[0]?.params).toMatchObject({
      role: 'operator',
      scopes: ['operator.read'],
      client: { id: 'cli', mode: 'cli' },
    });
    expect(status('home')).toMatchObject({ kind: 'upstream', state: 'up', version: '2026.9.6', rows: 2 });
  });

  it('[PU7] a lost link makes rows unreachable and removes none; rows that return are listed once', async () => {
    const home = await double({ instanceId: 'run-1' });
    home.entries = [ui(home, 'a'), ui(home, 'b')];
    const { upstreams, members, status } = reading();
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => members.keys('home').length === 3);
    await home.stop('killed');
    await eventually(() => status('home')?.state === 'unreachable');
    expect(members.unreachable.has('home')).toBe(true);
    const again = await double({ port: home.port, instanceId: 'run-2' });
    again.entries = [ui(again, 'b')];
    await eventually(() => status('home')?.state === 'up' && !members.unreachable.has('home'));
    // Its clients are reconnecting: no row was removed.
    expect(members.keys('home')).toEqual(['a', 'b', 'gateway:home']);
    expect(members.gone).toEqual([]);
    await eventually(() => members.gone.length > 0);
    expect(members.gone).toEqual(['a']);
  });

  it('[PU7] a gateway that sends shutdown is restarting', async () => {
    const home = await double();
    const { upstreams, members, status } = reading();
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => members.keys('home').length === 1);
    await home.stop('goodbye');
    await eventually(() => status('home')?.state === 'restarting');
    expect(status('home')?.problem).toMatchObject({ code: 'SERVICE_RESTART' });
    expect(members.unreachable.has('home')).toBe(true);
  });

  it('[PU8] one gateway under two addresses is read once, and that is reported once with both names', async () => {
    const home = await double({ deviceId: 'D1' });
    const { upstreams, members, status, logged } = reading();
    const other = { name: 'other', url: home.url.replace('127.0.0.1', 'localhost') };
    upstreams.apply([{ name: 'home', url: home.url }, other]);
    await eventually(
      () => status('other')?.problem?.code === 'SAME_GATEWAY' && members.keys('home').length === 1,
    );
    expect(status('other')?.problem?.message).toBe('other is the same gateway as home');
    expect(members.rows.has('other')).toBe(false);
    expect(logged.filter((line) => line.includes('SAME_GATEWAY'))).toHaveLength(1);
    upstreams.apply([other]);
    await eventually(() => members.keys('other').length === 1);
    expect(status('other')?.problem).toBeUndefined();
  });

  it('[PU8] a gateway is no upstream of itself', async () => {
    const home = await double({ instanceId: 'Me' });
    const { upstreams, members, status } = reading('me');
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => status('home')?.problem?.code === 'SELF');
    expect(members.rows.size).toBe(0);
  });

  it('[PU10] one that hangs, one that is silent and one that does not exist delay no other', async () => {
    const [home, mute, hanging] = await Promise.all([
      double(),
      double({ manner: 'mute' }),
      double({ manner: 'hanging' }),
    ]);
    home.entries = [ui(home, 'a')];
    const { upstreams, members, status } = reading();
    const dead = { name: 'dead', url: 'ws://127.0.0.1:1' };
    upstreams.apply([
      dead,
      { name: 'mute', url: mute.url },
      { name: 'hanging', url: hanging.url },
      { name: 'home', url: home.url },
    ]);
    await eventually(() => members.keys('home').length === 2);
    await eventually(() => status('dead')?.state === 'unreachable');
    home.entries = [ui(home, 'a'), ui(home, 'b')];
    const startedMs = performance.now();
    home.publish();
    await eventually(() => members.keys('home').length === 3);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await eventually(() => status('hanging')?.problem?.code === 'SILENT');
    await eventually(() => status('mute')?.problem !== undefined);
    expect(status('mute')).toMatchObject({ state: 'unreachable' });
  });

  it('[PU10] a list that is too large is refused with what to do, and a flood is not read', async () => {
    const large = await double({ answers: { 'system-presence': () => [{ host: 'x'.repeat(10_000_000) }] } });
    const flooding = await double();
    const { upstreams, members, status } = reading();
    upstreams.apply([
      { name: 'large', url: large.url },
      { name: 'flooding', url: flooding.url },
    ]);
    await eventually(() => status('large')?.problem?.code === 'TOO_LARGE');
    await eventually(() => members.keys('flooding').length === 1);
    flooding.entries = Array.from({ length: 10_000 }, (_, index) => ui(flooding, `i${index}`));
    for (let count = 0; count < 40; count += 1) flooding.publish();
    await eventually(() => status('flooding')?.problem?.code === 'FLOODING');
    expect(members.keys('flooding').length).toBeLessThanOrEqual(200);
  });

  it('[PU10] more small events than are read pause the link, and it continues afterwards', async () => {
    const flooding = await double();
    const { upstreams, members, status } = reading();
    upstreams.apply([{ name: 'flooding', url: flooding.url }]);
    await eventually(() => members.keys('flooding').length === 1);
    for (let count = 0; count < 1_000; count += 1) flooding.event('tick', { ts: flooding.nowMs() });
    await eventually(() => status('flooding')?.problem?.code === 'FLOODING');
    flooding.entries = [ui(flooding, 'a')];
    flooding.publish();
    await eventually(() => members.keys('flooding').length === 2);
    expect(status('flooding')?.state).toBe('up');
  });

  it('[PU10] [PU13] a gateway of another protocol is refused with what to do', async () => {
    const error = {
      code: 'INVALID_REQUEST',
      message: 'protocol mismatch',
      details: { code: 'PROTOCOL_MISMATCH', expectedProtocol: 9 },
    };
    const home = await double({ answers: { connect: () => new DoubleRefusal(error) } });
    const { upstreams, status } = reading();
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => status('home')?.state === 'refused');
    expect(status('home')?.problem).toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      whatToDo: expect.stringContaining('Update the older'),
    });
  });

  it('[PU12] a secret file that others can read is refused, and no secret is logged', async () => {
    const home = await double();
    const { upstreams, status, logged } = reading();
    const open = secretFile('open', 'very-secret-word\n', 0o644);
    const closed = secretFile('closed', 'very-secret-word\n');
    upstreams.apply([
      { name: 'open', url: home.url, tokenFile: open },
      { name: 'home', url: home.url, tokenFile: closed },
    ]);
    await eventually(() => status('open')?.state === 'refused' && status('home')?.state === 'up');
    expect(status('open')?.problem?.whatToDo).toContain('Correct the file');
    expect(home.requests.some(({ params }) => JSON.stringify(params).includes('very-secret-word'))).toBe(
      true,
    );
    expect(JSON.stringify([upstreams.status(), logged])).not.toContain('very-secret-word');
    chmodSync(open, 0o600);
    await eventually(() => status('open')?.state === 'up' || status('open')?.problem?.code !== 'SECRET_FILE');
  });

  it('[PU12] a device signs, waits for approval, and keeps the token that it is granted', async () => {
    const device = join(folder, `device-${randomUUID()}.json`);
    await makeDeviceFile(device);
    let isApproved = false;
    const pairing = {
      code: 'NOT_PAIRED',
      message: 'pairing required',
      details: { code: 'PAIRING_REQUIRED', requestId: 'request-1' },
    };
    const home: UpstreamDouble = await double({
      answers: {
        connect: () => (isApproved ? { ...helloGranting('granted-token') } : new DoubleRefusal(pairing)),
      },
    });
    const { upstreams, members, status } = reading();
    upstreams.apply([{ name: 'home', url: home.url, device }]);
    await eventually(() => status('home')?.problem?.code === 'PAIRING_REQUIRED');
    expect(status('home')?.problem?.whatToDo).toContain('openclaw devices approve request-1');
    expect(home.requests[0]?.params).toMatchObject({
      device: { signature: expect.stringMatching(/^[\w-]{86}$/) },
    });
    isApproved = true;
    await eventually(() => members.keys('home').length === 1);
    await eventually(() => readFileSync(device, 'utf8').includes('granted-token'));
    expect(statSync(device).mode & 0o777).toBe(0o600);
  });

  it('[PU20] an event about a node that is not listed reads the list again, once for many events', async () => {
    const home = await double();
    const { upstreams, members } = reading();
    upstreams.apply([{ name: 'home', url: home.url }]);
    await eventually(() => members.keys('home').length === 1);
    const readings = (): number => home.requests.filter(({ method }) => method === 'node.list').length;
    const before = readings();
    home.nodes = [{ nodeId: 'n1', displayName: 'Attic', connected: true, connectedAtMs: home.nowMs() }];
    for (let count = 0; count < 50; count += 1) home.event('node.presence', { nodeId: 'n1' });
    home.event('node.hostStats', { nodeId: 7 });
    await eventually(() => members.keys('home').includes('n1'));
    expect(readings()).toBe(before + 1);
  });

  it('[PU19] a revoked device and a token without a scope are reported with the command that corrects them', async () => {
    const device = join(folder, `device-${randomUUID()}.json`);
    await makeDeviceFile(device);
    const revoked = { code: 'INVALID_REQUEST', details: { code: 'AUTH_DEVICE_TOKEN_MISMATCH' } };
    const home = await double({ answers: { connect: () => new DoubleRefusal(revoked) } });
    const office = await double({
      answers: { connect: () => ({ ...helloGranting('t'), auth: { role: 'operator', scopes: [] } }) },
    });
    const { upstreams, status } = reading();
    upstreams.apply([
      { name: 'home', url: home.url, device },
      { name: 'office', url: office.url, tokenFile: secretFile('office', 'a-token-of-it\n') },
    ]);
    const said = (name: string): string => status(name)?.problem?.whatToDo ?? '';
    const command = (name: string, url: string): string =>
      `rollcall upstream add ${name} ${url} --device --token-file FILE`;
    await eventually(() => said('home').includes(command('home', home.url)));
    await eventually(() => said('office').includes(command('office', office.url)));
  });
});

describe('a configuration of upstreams', () => {
  it('[PU9] puts what changed in force and leaves the rest as it is', async () => {
    const [one, two] = await Promise.all([double(), double()]);
    const { upstreams, members } = reading();
    const home: UpstreamConfig = { name: 'home', url: one.url };
    upstreams.apply([home]);
    await eventually(() => members.keys('home').length === 1);
    upstreams.apply([{ name: 'two', url: two.url }, { ...home }]);
    await eventually(() => members.keys('two').length === 1);
    expect(one.requests.filter(({ method }) => method === 'connect')).toHaveLength(1);
    upstreams.apply([{ name: 'two', url: two.url }]);
    expect([...members.rows.keys()]).toEqual(['two']);
  });
});
