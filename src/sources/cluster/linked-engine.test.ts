import { describe, expect, it } from 'vitest';
import { EngineRecorder } from '../../../test/harness/engine-recorder.ts';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import type { Publication } from './engine.ts';
import { type Link, type LinkEvents, LinkedEngine } from './linked-engine.ts';

/** A fault of the network: connections are refused, or packets are lost from some step on. */
type Network =
  | 'up'
  | 'refuses'
  | 'loses connect'
  | 'loses read'
  | 'loses time'
  | 'loses publish'
  | 'is full'
  | 'lets nobody in';

const never = new Promise<never>(() => {});

/** An engine whose connections have the faults of the network, and that counts them. */
function fixture(network: Network = 'up') {
  const clock = new ManualClock();
  const timers = new ManualTimers(clock);
  const attemptsAtMs: number[] = [];
  const open = new Set<Link>();
  let state = network;
  const through = <T>(step: string, value: T): Promise<T> => {
    if (state === 'refuses') return Promise.reject(new Error('refused'));
    if (state === 'lets nobody in') return Promise.reject(new Error('NOAUTH Authentication required.'));
    return state === `loses ${step}` ? never : Promise.resolve(value);
  };
  const newLink = (_: LinkEvents): Link => {
    attemptsAtMs.push(clock.monoMs);
    const link: Link = {
      connect: () => through('connect', undefined),
      read: () => through('read', { records: [], contributions: [] }),
      time: () => through('time', { monoMs: clock.monoMs, engineMs: clock.wallMs, uncertaintyMs: 0 }),
      publish: (__: Publication) =>
        state === 'is full' ? Promise.reject(new Error('OOM')) : through('publish', undefined),
      stored: () => through('stored', new Map()),
      begin() {},
      close: () => void open.delete(link),
    };
    open.add(link);
    return link;
  };
  const ear = new EngineRecorder(new LinkedEngine({ kind: 'memory', newLink, delay: timers, clock }));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    ear,
    attemptsAtMs,
    open,
    set: (next: Network): void => {
      state = next;
    },
    settle,
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 50) {
        timers.advance(50);
        await settle();
      }
    },
    now: () => clock.monoMs,
  };
}

/** The longest time without a new attempt. */
function longestGapMs(momentsMs: readonly number[]): number {
  return Math.max(...momentsMs.slice(1).map((moment, index) => moment - (momentsMs[index] ?? moment)));
}

describe('[PC4] an engine that cannot be reached', () => {
  it.each<[Network, number]>([
    ['refuses', 400],
    ['loses connect', 2_000],
    // The network worked for a while: a connection was made.
    ['loses read', 3_500],
    ['loses time', 2_500],
  ])(
    'is tried again and again, one connection at a time, when it %s: every %i ms at the least',
    async (network, ms) => {
      const { set, pass, attemptsAtMs, open, ear } = fixture(network);
      await pass(60_000);
      expect(longestGapMs(attemptsAtMs)).toBeLessThanOrEqual(ms);
      expect(attemptsAtMs.length).toBeGreaterThanOrEqual(60_000 / ms);
      expect(open.size).toBeLessThanOrEqual(1);
      expect(ear.snapshots).toEqual([]);
      set('up');
      await pass(ms);
      expect(ear.snapshots).toHaveLength(1);
    },
  );

  it('recovers within 2 s after the network is back, whenever that is', async () => {
    for (let cutMs = 2_500; cutMs < 8_000; cutMs += 350) {
      const { set, pass, settle, ear, now, open } = fixture();
      await settle();
      set('loses publish');
      const lost = expect(ear.engine.publish({ contributions: [] })).rejects.toThrow('no answer within 2 s');
      await pass(2_000);
      await lost;
      set('loses connect');
      await pass(cutMs - 2_000);
      expect(ear.snapshots).toHaveLength(1);
      set('up');
      const backMs = now();
      while (ear.snapshots.length === 1) await pass(50);
      expect(now() - backMs).toBeLessThanOrEqual(2_000);
      expect(open.size).toBe(1);
    }
  });

  it('[PC16] that can be read and not written is retried at growing intervals, up to every 2 s', async () => {
    const { set, pass, attemptsAtMs, ear, settle } = fixture('is full');
    await settle();
    for (let passed = 0; passed < 20_000; passed += 50) {
      await ear.engine.publish({ contributions: [] }).catch(() => {});
      await pass(50);
    }
    expect(attemptsAtMs.length).toBeLessThan(16);
    set('up');
    await pass(2_000);
    await ear.engine.publish({ contributions: [] });
    expect(attemptsAtMs.length).toBeLessThan(17);
  });

  it('[PC16] that refuses connections is retried at growing intervals, and the reason names what to do', async () => {
    const { set, pass, attemptsAtMs, ear } = fixture('lets nobody in');
    await pass(20_000);
    expect(attemptsAtMs.length).toBeLessThan(16);
    expect(new Set(ear.disconnects)).toEqual(new Set([expect.stringContaining('ROLLCALL_CLUSTER')]));
    set('up');
    await pass(2_000);
    expect(ear.snapshots).toHaveLength(1);
  });

  it('leaves nothing behind when it is closed while it connects', async () => {
    const { pass, open, ear, attemptsAtMs } = fixture('loses connect');
    await pass(200);
    await ear.engine.close();
    const heard = ear.disconnects.length;
    await pass(10_000);
    expect([open.size, ear.disconnects.length]).toEqual([0, heard]);
    expect(attemptsAtMs.length).toBeLessThan(3);
  });
});
