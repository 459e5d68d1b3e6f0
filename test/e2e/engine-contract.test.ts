import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServerKind, serverPrograms, startEngineServer } from '../../bench/servers/engine-server.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';
import { createEngine, type Engine, MemoryHub } from '../../src/sources/cluster/index.ts';
import { contribution, EngineRecorder, memberRecord, tombstone } from '../harness/engine-recorder.ts';
import { describeWith } from '../harness/required-program.ts';

/** A hub that engines of one cluster share. */
interface Venue {
  readonly url?: string;
  engine(name?: string, more?: { readonly keyPrefix?: string }, database?: number): Promise<Engine>;
  /** Stops it, with all data lost; `start` has it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const clock = createSystemClock();
const context = { clock, delay: systemTimers, retainMs: 60_000 };

async function memoryVenue(): Promise<Venue> {
  const hubs = new Map<string, MemoryHub>();
  const hub = (name: string): MemoryHub => {
    const known = hubs.get(name) ?? new MemoryHub(clock);
    hubs.set(name, known);
    return known;
  };
  return {
    engine: async (name = 'one') => hub(name).engine(context),
    kill: async () => {
      hub('one').setUp(false);
      hub('one').clear();
    },
    start: async () => hub('one').setUp(true),
    stop: async () => {},
  };
}

async function serverVenue(kind: ServerKind): Promise<Venue> {
  const server = await startEngineServer(kind);
  return {
    url: server.url,
    engine: async (name = 'one', more = {}, database = 0) =>
      (await createEngine({ url: database === 0 ? server.url : `${server.url}/${database}`, name, ...more }))(
        context,
      ),
    kill: () => server.kill(),
    start: () => server.start(),
    stop: () => server.stop(),
  };
}

const kinds: readonly Engine['kind'][] = ['memory', 'redis', 'nats'];

for (const kind of kinds) {
  const programs = kind === 'memory' ? [] : [serverPrograms[kind]];
  describeWith(programs, `the contract of a cluster engine: ${kind}`, () => contract(kind));
}

function contract(kind: Engine['kind']): void {
  let venue: Venue;
  let recorders: EngineRecorder[];

  beforeEach(async () => {
    recorders = [];
    venue = kind === 'memory' ? await memoryVenue() : await serverVenue(kind);
  });
  afterEach(async () => {
    await Promise.all(recorders.map(({ engine }) => engine.close()));
    await venue.stop();
  });

  async function ear(name?: string): Promise<EngineRecorder> {
    const one = new EngineRecorder(await venue.engine(name));
    recorders.push(one);
    await one.snapshot();
    return one;
  }

  const test = it;

  test('delivers what is published to every member, its sender included, complete and in order', async () => {
    const [a, b] = [await ear(), await ear()];
    const rows = [...Array(50).keys()].map((n) =>
      contribution('a@1', `row ${n} ñ/.*>`, n, { host: `host ${n}` }),
    );
    for (const row of rows) await a.engine.publish({ contributions: [row] });
    await a.engine.publish({
      contributions: [tombstone('a@1', 'row 7', 99)],
      record: memberRecord('a@1', 99),
    });
    for (const one of [a, b]) {
      await one.until(() => one.records().length > 0);
      expect(one.contributions()).toEqual([...rows, tombstone('a@1', 'row 7', 99)]);
      expect(one.records()).toEqual([memberRecord('a@1', 99)]);
    }
  });

  test('[PC12] shows a member what it holds of it, after all that this member published', async () => {
    const a = await ear();
    const rows = ['x', 'y ñ/.*>'].map((key) => contribution('a@1', key, 1));
    expect([...(await a.engine.stored('a@1')).keys()]).toEqual([]);
    await a.engine.publish({ contributions: [...rows, contribution('b@1', 'z', 1)] });
    const stored = await a.engine.stored('a@1');
    expect([...stored.keys()].sort()).toEqual(['x', 'y ñ/.*>']);
    for (const stamp of stored.values()) expect([undefined, 1]).toContain(stamp?.ms);
  });

  test('[PC9] carries contributions of a gateway of the next version unchanged, to present and later members', async () => {
    const a = await ear();
    const known = contribution('a@1', 'x', 1, { host: 'desk', sources: { host: 'beacon' } });
    const view = {
      ...known.view,
      battery: 80,
      place: { rack: 'A1' },
      sources: { host: 'lldp', battery: 'beacon' },
    };
    const next = { ...known, v: 9, view, colour: 'red' } as unknown as typeof known;
    await a.engine.publish({ contributions: [next], record: memberRecord('a@1', 1) });
    await a.until(() => a.contributions().length > 0);
    const { contributions } = await (await ear()).snapshot();
    for (const [one] of [a.contributions(), contributions]) {
      expect(one).toMatchObject({ ...known, view });
      expect(one?.view).toEqual(view);
    }
  });

  test('sends later members the latest of each register that holds something, and all records', async () => {
    const a = await ear();
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1), contribution('a@1', 'y', 2)] });
    await a.engine.publish({
      contributions: [contribution('a@1', 'x', 3), tombstone('a@1', 'y', 4), contribution('b@1', 'x', 5)],
      record: memberRecord('a@1', 5),
    });
    await a.engine.publish({ contributions: [], record: memberRecord('b@1', 6) });
    const { contributions, records } = await (await ear()).snapshot();
    const stated = contributions.filter(({ view }) => view !== undefined);
    expect(stated.map(({ memberId, key, stamp }) => [memberId, key, stamp.ms]).sort()).toEqual([
      ['a@1', 'x', 3],
      ['b@1', 'x', 5],
    ]);
    expect(records.map(({ memberId }) => memberId).sort()).toEqual(['a@1', 'b@1']);
  });

  test('sends what was published before its sender gave a record', async () => {
    const a = await ear();
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)] });
    const { records, contributions } = await (await ear()).snapshot();
    expect([records, contributions.map(({ key }) => key)]).toEqual([[], ['x']]);
  });

  test('keeps a takeover for the member whose register it is', async () => {
    const a = await ear();
    const takeover = { ...tombstone('b@1', 'x', 2), stamp: { ms: 2, counter: 0, memberId: 'a@1' } };
    await a.engine.publish({ contributions: [contribution('b@1', 'x', 1)], record: memberRecord('b@1', 1) });
    await a.engine.publish({ contributions: [takeover], record: memberRecord('a@1', 2) });
    expect((await (await ear()).snapshot()).contributions).toEqual([takeover]);
  });

  test('loses nothing between the snapshot and the messages after it', async () => {
    const a = await ear();
    const rows = [...Array(200).keys()].map((n) => contribution('a@1', `row-${n}`, n));
    const record = memberRecord('a@1', 1);
    const publishing = (async () => {
      await a.engine.publish({ contributions: [], record });
      for (const row of rows) await a.engine.publish({ contributions: [row], record });
    })();
    const late = await ear();
    await publishing;
    const known = (): Set<string> =>
      new Set(
        [...(late.snapshots[0]?.snapshot.contributions ?? []), ...late.contributions()].map(({ key }) => key),
      );
    await late.until(() => known().size === rows.length);
  });

  test.skipIf(kind === 'memory')('[PC10] keeps clusters of different prefixes apart', async () => {
    const other = new EngineRecorder(await venue.engine('one', { keyPrefix: 'staging' }));
    recorders.push(other);
    await isApart(await ear('one'), other);
  });

  test.skipIf(kind !== 'redis')('[PC10] keeps clusters of different databases apart', async () => {
    const other = new EngineRecorder(await venue.engine('one', undefined, 3));
    recorders.push(other);
    await isApart(await ear('one'), other);
  });

  async function isApart(a: EngineRecorder, b: EngineRecorder): Promise<void> {
    for (const [one, key] of [[a, 'x'] as const, [b, 'y'] as const]) {
      await one.snapshot();
      await one.engine.publish({
        contributions: [contribution('m@1', key, 1)],
        record: memberRecord('m@1', 1),
      });
      await one.until(() => one.records().length > 0);
    }
    expect(a.contributions().map(({ key }) => key)).toEqual(['x']);
    expect(b.contributions().map(({ key }) => key)).toEqual(['y']);
  }

  test('keeps clusters of different names apart', async () => {
    const [a, other] = [await ear('one'), await ear('two')];
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)], record: memberRecord('a@1', 1) });
    await a.until(() => a.records().length > 0);
    await other.engine.publish({
      contributions: [contribution('b@1', 'y', 1)],
      record: memberRecord('b@1', 1),
    });
    await other.until(() => other.records().length > 0);
    expect(other.contributions().map(({ key }) => key)).toEqual(['y']);
    expect((await (await ear('two')).snapshot()).contributions.map(({ key }) => key)).toEqual(['y']);
  });

  test('has a clock', async () => {
    const a = await ear();
    const { monoMs, engineMs, uncertaintyMs } = await a.engine.time();
    const { monoMs: nowMonoMs, wallMs } = clock.now();
    // Engine and test share a machine, hence a wall clock.
    expect(Math.abs(wallMs - nowMonoMs - (engineMs - monoMs))).toBeLessThanOrEqual(uncertaintyMs + 5);
  });

  test('reports when it is lost, refuses meanwhile, and comes back with a snapshot, which may be empty', async () => {
    const a = await ear();
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)], record: memberRecord('a@1', 1) });
    await venue.kill();
    await a.until(() => a.disconnects.length > 0);
    await expect(a.engine.publish({ contributions: [] })).rejects.toThrow();
    await expect(a.engine.time()).rejects.toThrow();
    await venue.start();
    await a.until(() => a.snapshots.length === 2);
    expect(await a.snapshot()).toEqual({ records: [], contributions: [] });
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 2)], record: memberRecord('a@1', 2) });
    await a.until(() => a.records().some(({ saidAtMs }) => saidAtMs === 2));
  });

  test('reports why members are refused', async () => {
    if (kind === 'memory') return;
    const url = (venue.url ?? '').replace('s3cret', 'wrong');
    const engine = (await createEngine({ url, name: 'one' }))(context);
    const one = new EngineRecorder(engine);
    recorders.push(one);
    await one.until(() => one.disconnects.length > 0);
    expect(one.disconnects[0]).toMatch(/auth|pass/i);
    expect(one.disconnects[0]).not.toContain('wrong');
  });

  test('is silent once closed', async () => {
    const [a, b] = [await ear(), await ear()];
    await b.engine.close();
    const heard = b.messages.length;
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)], record: memberRecord('a@1', 1) });
    await a.until(() => a.records().length > 0);
    expect([b.messages.length, b.disconnects]).toEqual([heard, []]);
    await expect(b.engine.publish({ contributions: [] })).rejects.toThrow();
  });
}

describe.each<ServerKind>(['redis', 'nats'])(
  'a server that takes connections and says nothing: %s',
  (kind) => {
    it('[PC4] is given up, tried again, and keeps no connection of an attempt before', async () => {
      const sockets: Socket[] = [];
      const closed: Promise<unknown>[] = [];
      let heard = (): void => {};
      const server = createServer((socket) => {
        sockets.push(socket);
        // Reads on, so that it receives the end; a reset is one as well.
        closed.push(
          new Promise((resolve) =>
            socket
              .resume()
              .on('error', () => {})
              .once('close', resolve),
          ),
        );
        heard();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const one = new EngineRecorder(
        (await createEngine({ url: `${kind}://127.0.0.1:${port}`, name: 'n' }))(context),
      );
      const attempts = (count: number): Promise<void> =>
        new Promise((resolve) => {
          heard = () => {
            if (sockets.length >= count) resolve();
          };
          heard();
        });
      await attempts(2);
      await Promise.all(closed.slice(0, 1));
      await attempts(3);
      await one.engine.close();
      await Promise.all(closed);
      expect(one.snapshots).toEqual([]);
      expect(one.disconnects[0]).toContain('is it the right port');
      server.close();
    });
  },
);
