import { describe, expect, it } from 'vitest';
import { contribution, EngineRecorder, memberRecord } from '../../../test/harness/engine-recorder.ts';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import {
  type Change,
  gatewayIdOf,
  type Instant,
  type Logger,
  type MemberId,
  memberIdOf,
  PresenceRoster,
  silentLogger,
} from '../../core/index.ts';
import { ClusterClock } from './cluster-clock.ts';
import { ClusterMember } from './cluster-member.ts';
import type { Engine } from './engine.ts';
import { MemoryHub } from './memory-engine.ts';

/** Gateways without clients on one hub, whose time passes by hand. */
function fixture() {
  const hubClock = new ManualClock();
  const timers = new ManualTimers(hubClock);
  const hub = new MemoryHub(hubClock);
  const warnings: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (context, message) => void warnings.push(`${message}: ${JSON.stringify(context)}`),
  };
  const newGateway = (
    id: string,
    run: string,
    pid = 1,
    machineWallMs = hubClock.wallMs,
    wrap: (engine: Engine) => Engine = (engine) => engine,
  ) => {
    const machine = { now: (): Instant => ({ monoMs: hubClock.monoMs, wallMs: machineWallMs }) };
    const clock = new ClusterClock(machine);
    const roster = new PresenceRoster({ memberId: memberIdOf(id, run) });
    const gone: string[] = [];
    const tell = (changes: readonly Change[]): void => {
      gone.push(...changes.filter(({ kind }) => kind === 'remove').map(({ key }) => key));
      if (changes.length > 0) member.changed();
    };
    const member: ClusterMember = new ClusterMember({
      engine: wrap(hub.engine({ clock: machine, delay: timers })),
      name: 'test',
      roster,
      clock,
      delay: timers,
      replicate: (change) => tell(change(clock.now())),
      renewSelf: () => tell(roster.setSelf({ instanceId: id, mode: 'gateway', reason: 'self' }, clock.now())),
      machine: { host: `host of ${pid}`, pid },
      ...{ replicateMs: 100, leaseMs: 6_000, retainMs: 60_000, renewalMs: 60_000, logger },
    });
    const connect = (instanceId: string): void => {
      const update = { connectionId: instanceId, facts: { instanceId }, role: 'operator', scopes: [] };
      const outcome = roster.connect(update, clock.now());
      if ('changes' in outcome) tell(outcome.changes);
    };
    const keys = (): string[] => Array.from(roster.views(clock.now()), ({ key }) => key).sort();
    return { member, roster, clock, connect, keys, gone, joined: member.join(3_000) };
  };
  /** Lets time pass in steps, and promises settle in between. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      timers.advance(50);
    }
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { hub, hubClock, timers, warnings, newGateway, pass };
}

describe('a gateway in a cluster', () => {
  it('[PR1] receives the others, their clients and their end', async () => {
    const { newGateway, pass } = fixture();
    const [a, b] = [newGateway('a', '1', 1), newGateway('b', '1', 2)];
    await pass(300);
    a.connect('x');
    await pass(300);
    expect(b.keys()).toEqual(['a', 'b', 'x']);
    expect(b.member.status()).toMatchObject({
      state: 'up',
      gateways: [{ id: 'b', self: true }, { id: 'a' }],
    });
    const closing = a.member.close();
    await pass(200);
    await closing;
    expect(b.keys()).toEqual(['b', 'x']);
    expect(b.member.status().gateways[1]).toMatchObject({ id: 'a', state: 'gone' });
  });

  it('[PE3] [PC2] an engine that stops and comes back empty removes no row', async () => {
    const { hub, newGateway, pass } = fixture();
    const [a, b] = [newGateway('a', '1', 1), newGateway('b', '1', 2)];
    await pass(300);
    a.connect('x');
    await pass(300);
    hub.setUp(false);
    hub.clear();
    b.connect('y');
    await pass(10_000);
    expect(a.member.status()).toMatchObject({ state: 'down', gateways: [{}, { state: 'unreachable' }] });
    expect(b.keys()).toEqual(['a', 'b', 'x', 'y']);
    hub.setUp(true);
    await pass(1_000);
    expect(a.keys()).toEqual(['a', 'b', 'x', 'y']);
    expect(a.member.status()).toMatchObject({ state: 'up', gateways: [{}, { state: 'live' }] });
    expect([a.gone, b.gone]).toEqual([[], []]);
  });

  it('[PC17] has joined once the engine holds its record, so that a second one is told from the first', async () => {
    const { hubClock, newGateway, pass } = fixture();
    const release: (() => void)[] = [];
    const slow = (engine: Engine): Engine => ({
      kind: engine.kind,
      start: (listener) => engine.start(listener),
      publish: async (publication) => {
        await new Promise<void>((resolve) => release.push(resolve));
        await engine.publish(publication);
      },
      time: () => engine.time(),
      stored: (memberId) => engine.stored(memberId),
      close: () => engine.close(),
    });
    const { joined } = newGateway('a', '1', 1, hubClock.wallMs, slow);
    let outcome: string | undefined;
    void joined.then(({ kind }) => {
      outcome = kind;
    });
    await pass(300);
    expect(outcome).toBeUndefined();
    for (let said = 0; said < 2; said++) {
      for (const go of release.splice(0)) go();
      await pass(300);
    }
    expect(outcome).toBe('joined');
  });

  it('[PC17] an id of a live gateway is in use, that of a killed one is not', async () => {
    const { newGateway, pass } = fixture();
    const first = newGateway('a', '1', 2 ** 30);
    await pass(300);
    const second = newGateway('a', '2', 2 ** 30 + 1);
    await pass(3_100);
    expect(await first.joined).toEqual({ kind: 'joined' });
    expect(await second.joined).toMatchObject({ kind: 'taken', by: { host: `host of ${2 ** 30}` } });
    await second.member.close();
    const restarted = newGateway('a', '3', 2 ** 30);
    await pass(100);
    expect(await restarted.joined).toEqual({ kind: 'joined' });
  });

  it('[PC4] goes on alone when there is no engine, and joins when there is one', async () => {
    const { hub, newGateway, pass } = fixture();
    hub.setUp(false);
    const a = newGateway('a', '1');
    await pass(3_100);
    expect(await a.joined).toEqual({ kind: 'alone' });
    a.connect('x');
    hub.setUp(true);
    await pass(1_000);
    const b = newGateway('b', '1', 2);
    await pass(300);
    expect(b.keys()).toEqual(['a', 'b', 'x']);
  });

  it('[PT4] [PC5] shows the time of the engine, whatever the clock of the machine shows', async () => {
    const { hubClock, newGateway, pass } = fixture();
    const a = newGateway('a', '1', 1, hubClock.wallMs + 3_600_000);
    const b = newGateway('b', '1', 2);
    await pass(300);
    a.connect('x');
    await pass(300);
    const [row] = [b.roster.view('x', b.clock.now())];
    expect(Math.abs((row?.ts ?? 0) - hubClock.wallMs)).toBeLessThan(1_000);
    expect(a.member.machineAheadMs()).toBeGreaterThan(3_590_000);
  });

  it('[PC14] quarantines a member with a stamp of the far future, by its name, and heals by itself', async () => {
    const { hubClock, newGateway, pass, stray } = strayFixture();
    const [a, b] = [newGateway('a', '1', 1), newGateway('b', '1', 2)];
    await pass(300);
    await stray.says([contribution(stray.memberId, 'kept', hubClock.wallMs)]);
    await pass(300);
    await stray.says([{ ...contribution(stray.memberId, 'kept', Number.MAX_SAFE_INTEGER) }]);
    await pass(300);
    for (const { member } of [a, b])
      expect(member.status().gateways).toContainEqual(
        expect.objectContaining({
          id: 'stray',
          host: 'vm',
          problem: expect.objectContaining({ code: 'QUARANTINED' }),
        }),
      );
    const problem = a.member.status().gateways.find(({ id }) => id === 'stray')?.problem;
    expect(problem).toMatchObject({
      message: expect.stringContaining('vm'),
      whatToDo: expect.stringContaining('restart the gateway on vm only'),
    });
    // Its rows stay, and what others publish later is not held up by the stamp.
    a.connect('x');
    await pass(300);
    expect(b.keys()).toEqual(['a', 'b', 'kept', 'x']);
    await stray.says([contribution(stray.memberId, 'later', hubClock.wallMs)]);
    await pass(300);
    expect(b.keys()).toEqual(['a', 'b', 'kept', 'later', 'x']);
    // A lease without another one.
    for (let beat = 0; beat < 4; beat += 1) {
      await pass(2_000);
      await stray.says([]);
    }
    for (const { member, gone } of [a, b]) {
      expect(member.status().gateways.find(({ id }) => id === 'stray')).not.toHaveProperty('problem');
      expect(gone).toEqual([]);
    }
  });

  it('[PC15] a bad row costs that row, and is counted with the name of its gateway', async () => {
    const { hubClock, newGateway, pass, stray, warnings } = strayFixture();
    const a = newGateway('a', '1', 1);
    await pass(300);
    const long = { host: 'x'.repeat(2_000_000) };
    for (let time = 0; time < 3; time += 1) {
      await stray.says([
        contribution(stray.memberId, 'good', hubClock.wallMs + time),
        contribution(stray.memberId, 'bad', hubClock.wallMs + time, long),
      ]);
      await pass(100);
    }
    expect(a.keys()).toEqual(['a', 'good']);
    expect(a.member.status().gateways.find(({ id }) => id === 'stray')).toMatchObject({
      refusedRows: 3,
      problem: { code: 'BAD_ROWS', message: 'some rows of vm cannot be used' },
    });
    expect(a.member.counts.refused).toBe(3);
    const named = warnings.filter((line) => line.includes('cannot be used'));
    expect(named).toHaveLength(1);
    expect(named[0]).toContain('"gateway":"stray"');
  });

  it('[PC17] two runs of one gateway at once are named, and none of their rows leave', async () => {
    const { hubClock, newGateway, pass, stray, strayOf } = strayFixture();
    const a = newGateway('a', '1', 1);
    await pass(300);
    const twin = strayOf(memberIdOf('stray', '2'));
    for (let beat = 0; beat < 3; beat += 1) {
      await stray.says([contribution(stray.memberId, 'first', hubClock.wallMs)]);
      await pass(100);
      await twin.says([contribution(twin.memberId, 'second', hubClock.wallMs)], 2);
      await pass(100);
    }
    expect(a.keys()).toEqual(['a', 'first', 'second']);
    expect(a.member.status().gateways.filter(({ id }) => id === 'stray')).toEqual([
      expect.objectContaining({ problem: expect.objectContaining({ code: 'SAME_ID' }) }),
    ]);
    expect(a.gone).toEqual([]);
  });
});

/** Gateways beside members that publish what a test states. */
function strayFixture() {
  const all = fixture();
  const { hub, hubClock, timers } = all;
  const strayOf = (memberId: MemberId) => {
    const { engine } = new EngineRecorder(hub.engine({ clock: hubClock, delay: timers }));
    let sequence = 0;
    return {
      memberId,
      says: async (
        contributions: readonly ReturnType<typeof contribution>[],
        startedAtMs = 1,
      ): Promise<void> => {
        sequence += 1;
        const record = { ...memberRecord(memberId, hubClock.wallMs), startedAtMs, sequence };
        await engine.publish({ contributions, record });
      },
    };
  };
  const stray = strayOf(memberIdOf('stray', '1'));
  expect(gatewayIdOf(stray.memberId)).toBe('stray');
  return { ...all, stray, strayOf };
}
