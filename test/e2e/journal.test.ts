import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGateway, createSystemClock, type GatewayOptions } from '../../src/gateway/index.ts';
import type { JournalEntry } from '../../src/sinks/index.ts';
import { MemoryHub } from '../../src/sources/cluster/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { askHttp } from '../harness/http-client.ts';
import { createCommandHome, runRollcall } from '../harness/rollcall-process.ts';
import { startUpstreamDouble } from '../harness/upstream-double.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const token = 'secret-of-the-test';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Page {
  readonly entries: readonly JournalEntry[];
  readonly cursor: string;
  readonly cutOffAtMs?: number;
}

async function start(options: Partial<GatewayOptions> = {}) {
  const gateway = createGateway({ port: 0, auth: { mode: 'token', token }, drainMs: 100, ...options });
  const { url } = await gateway.start();
  endings.push(() => gateway.close());
  const ask = async (path: string, more: object = {}) =>
    (await askHttp({ url }, path, { token, ...more })).json;
  return {
    url,
    close: () => gateway.close(),
    list: (query = '') => ask(`/api/v1/presence${query}`),
    journal: (query = ''): Promise<Page> => ask(`/api/v1/journal${query}`),
    beacon: (instanceId: string, facts: object = {}) =>
      ask('/api/v1/beacons', { body: { text: 'x', instanceId, ...facts } }),
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** The first entry, past or to come, that fits. */
async function entry(gateway: Started, isWanted: (entry: JournalEntry) => boolean): Promise<JournalEntry> {
  const find = async () => (await gateway.journal()).entries.find(isWanted);
  await vi.waitFor(async () => expect(await find()).toBeDefined(), { timeout: 60_000, interval: 50 });
  return (await find()) as JournalEntry;
}

const caused = (gateway: Started, code: string) => entry(gateway, ({ cause }) => cause?.code === code);

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-journal-'));
  endings.unshift(() => rmSync(made, { recursive: true }));
  return made;
}

async function client(url: string, instanceId: string): Promise<WireClient> {
  const dialled = new WireClient(url);
  endings.push(() => dialled.socket.terminate());
  await dialled.connect({ auth: { token }, client: { instanceId }, scopes: ['operator.read'] });
  return dialled;
}

describe('a journal with a file', () => {
  it('[PJ7] [PJ10] continues after a restart: a stored cursor is exact', async () => {
    const journalFile = join(folder(), 'journal');
    const first = await start({ journalFile, instanceId: 'gate' });
    await first.beacon('a');
    const { journalCursor } = await first.list();
    await first.beacon('b');
    const before = await first.journal();
    await first.close();

    const second = await start({ journalFile, instanceId: 'gate' });
    await second.beacon('c');
    const since = await second.journal(`?cursor=${journalCursor}`);
    expect(since.cutOffAtMs).toBeUndefined();
    expect(since.entries.map(({ kind, key }) => [kind, key])).toEqual([
      ['joined', 'b'],
      ['gateway-stopping', 'gate'],
      ['gateway-started', 'gate'],
      ['removed', 'a'],
      ['removed', 'b'],
      ['joined', 'c'],
    ]);
    const lastId = before.entries.at(-1)?.id ?? 0;
    expect(since.entries.map(({ id }) => id)).toEqual(since.entries.map((_, index) => lastId + index));
    expect(since.entries[3]?.cause).toMatchObject({ code: 'gateway-restart' });
    const old = await second.list(`?at=${before.entries.at(-1)?.at}`);
    expect(old.instances.map(({ key }: { key: string }) => key).sort()).toEqual(['a', 'b', 'gate']);
  });

  it('[PJ7] that cannot be used ends the command with one line with what to do', async () => {
    const home = createCommandHome();
    endings.push(() => home.remove());
    const file = join(home.folder, 'no-folder');
    writeFileSync(file, '');
    const flags = ['gateway', '--auth', 'none', '--port', '0', '--journal-file', join(file, 'journal')];
    const { code, stderr } = await runRollcall(flags, home.env);
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line.includes('journalFile'));
    expect([code, lines]).toEqual([
      1,
      [expect.stringContaining('name a file in a folder that this user may write')],
    ]);
    expect(stderr).not.toContain(' at ');
  });
});

describe('causes in the journal', () => {
  it('[PJ1] a reader that is too slow', async () => {
    const gateway = await start({ maxBufferedBytes: 100_000, requestsPerSecond: 0 });
    const tags = Array.from({ length: 32 }, (_, tag) => `${tag}`.padEnd(50, 'x'));
    for (let row = 0; row < 100; row += 1)
      await gateway.beacon(`row-${row}`, { tags, text: 'x'.repeat(500) });
    const slow = await client(gateway.url, 'slow');
    slow.socket.pause();
    for (let request = 0; request < 100; request += 1)
      slow.send(JSON.stringify({ type: 'req', id: `flood-${request}`, method: 'system-presence' }));
    expect(await caused(gateway, 'slow-reader')).toMatchObject({ kind: 'left', key: 'slow' });
  });

  it('[PJ1] [PJ3] an agent that reports that its machine slept: the two entries, and when its last beacon was', async () => {
    const gateway = await start();
    const agent = await client(gateway.url, 'agent');
    await agent.call('system-event', { text: 'x', instanceId: 'agent', reason: 'launch' });
    await agent.call('system-event', { text: 'x', instanceId: 'agent', reason: 'wake' });
    const slept = await caused(gateway, 'slept');
    expect(slept).toMatchObject({ kind: 'changed', key: 'agent' });
    expect(slept.cause?.evidence).toMatch(/^its agent says so; heard from last at \d{4}-/);
    expect((await caused(gateway, 'woke')).id).toBe(slept.id + 1);
  });

  it('[PJ1] [PJ2] an upstream that is killed: its rows have that cause, and the gateway by which they were listed', async () => {
    const upstream = await startUpstreamDouble();
    endings.push(() => upstream.stop('killed'));
    upstream.entries = [
      { host: 'far', instanceId: 'far', mode: 'ui', reason: 'connect', ts: upstream.nowMs() },
    ];
    const gateway = await start({ upstreams: [{ name: 'office', url: upstream.url }] });
    const joined = await entry(gateway, ({ key, kind }) => key === 'far' && kind === 'joined');
    expect(joined.gateways).toEqual(['office']);
    await upstream.stop('killed');
    const lost = await entry(
      gateway,
      ({ key, cause }) => key === 'far' && cause?.code === 'gateway-unreachable',
    );
    expect(lost).toMatchObject({ kind: 'changed', gateways: ['office'], current: { state: 'unreachable' } });
  });
});

describe('the journal of a cluster', () => {
  it('[PJ2] each gateway keeps the entries of all, names the gateway, and enters nothing twice', async () => {
    const hub = new MemoryHub(createSystemClock());
    const member = (instanceId: string) =>
      start({
        instanceId,
        cluster: { name: 'one', createEngine: (context) => hub.engine(context), replicateMs: 10 },
      });
    const [one, two] = [await member('one'), await member('two')];
    const first = await client(one.url, 'first');
    await client(two.url, 'second');
    for (const gateway of [one, two]) {
      const isJoined = (name: string) => (wanted: JournalEntry) =>
        wanted.key === name && wanted.kind === 'joined';
      const joined = [await entry(gateway, isJoined('first')), await entry(gateway, isJoined('second'))];
      expect(joined.every(({ gateways = [] }) => gateways.length === 1)).toBe(true);
    }
    first.socket.close(1000, 'bye');
    for (const gateway of [one, two]) {
      expect((await entry(gateway, ({ kind }) => kind === 'left')).cause).toMatchObject({ code: 'closed' });
      const { entries } = await gateway.journal();
      const entriesOfRows = entries.map(({ kind, key }) => `${kind} ${key}`);
      expect(entriesOfRows.filter((text) => /first|second/.test(text))).toEqual(
        expect.arrayContaining(['joined first', 'joined second', 'left first']),
      );
      expect(new Set(entriesOfRows).size).toBe(entriesOfRows.length);
    }
  });

  it('[PJ2] [PJ4] [PC5] clocks an hour off: one order and one time everywhere, lists of the past too', async () => {
    const machine = createSystemClock();
    const hub = new MemoryHub(machine);
    const member = (instanceId: string, aheadMs: number) =>
      start({
        instanceId,
        clock: {
          now: () => ({ monoMs: machine.now().monoMs, wallMs: machine.now().wallMs + aheadMs }),
        },
        cluster: { name: 'one', createEngine: (context) => hub.engine(context), replicateMs: 10 },
      });
    const [early, late] = [await member('early', -3_600_000), await member('late', 3_600_000)];
    const members = [early, late];
    const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
    // Alternating at the two gateways; the next one follows when both list the one before.
    for (const [index, name] of names.entries()) {
      const dialled = await client((members[index % 2] as Started).url, name);
      for (const gateway of members)
        await entry(gateway, ({ key, kind }) => key === name && kind === 'joined');
      if (index < 4) continue;
      dialled.socket.close(1000, 'bye');
      for (const gateway of members) await entry(gateway, ({ key, kind }) => key === name && kind === 'left');
    }
    const expected = names.flatMap((name, index) =>
      index < 4 ? [`joined ${name}`] : [`joined ${name}`, `left ${name}`],
    );
    for (const gateway of members) {
      const { entries } = await gateway.journal();
      const entriesOfRows = entries.filter(({ key }) => names.includes(key));
      expect(entriesOfRows.map(({ kind, key }) => `${kind} ${key}`)).toEqual(expected);
      for (const { at } of entries) expect(Math.abs(Date.now() - at)).toBeLessThan(600_000);
      // Its name is that of its machine, the same for both here.
      for (const { gateways } of entriesOfRows) expect(gateways).toHaveLength(1);
      expect(JSON.stringify(entries)).not.toMatch(/\d{13}\.\d/);
      const half = entriesOfRows.find(({ key }) => key === 'n3')?.at ?? 0;
      const { instances } = await gateway.list(`?at=${half}`);
      expect(instances.map(({ key }: { key: string }) => key).sort()).toEqual([
        'early',
        'late',
        'n0',
        'n1',
        'n2',
        'n3',
      ]);
    }
  });
});
