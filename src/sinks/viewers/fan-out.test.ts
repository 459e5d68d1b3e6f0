import { describe, expect, it } from 'vitest';
import { gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import type { ManualTimers } from '../../../test/harness/manual-timers.ts';
import type { PairClient } from '../../../test/harness/pair-client.ts';
import type { PresenceEntry } from '../../core/index.ts';
import type { PresenceDelta } from '../../protocol/index.ts';

const deltas = ['presence-delta'];

function fixture(options: Parameters<typeof gatewayFixture>[0] = {}) {
  const gateway = gatewayFixture(options);
  const writer = gateway.connect({ client: { mode: 'cli' }, scopes: ['operator.write'] });
  gateway.timers.runSoon();
  const beacon = (instanceId: string, reason = 'periodic'): void => {
    writer.call('system-event', { text: 'x', instanceId, reason });
  };
  return { ...gateway, writer, beacon };
}

/** Something happens in each of the next turns of the event loop, before what waits for it. */
function everyTurn(timers: ManualTimers, turns: number, happens: () => void): void {
  const soon = timers.soon.bind(timers);
  let left = turns;
  timers.soon = (run) =>
    soon(() => {
      if (left-- > 0) happens();
      run();
    });
}

const lists = (client: PairClient): PresenceEntry[][] =>
  client.events<{ presence: PresenceEntry[] }>('presence').map(({ presence }) => presence);

describe('flushes', () => {
  it('[PE1] an idle gateway flushes in the same turn', () => {
    const { connect, timers, clock, beacon } = fixture();
    const viewer = connect({ client: { mode: 'cli' } });
    const before = clock.monoMs;
    beacon('a');
    expect(lists(viewer)).toEqual([]);
    timers.runSoon();
    expect(lists(viewer)).toHaveLength(1);
    expect(clock.monoMs).toBe(before);
  });

  it('[PE1] changes that come together are sent together, several of one row as one', () => {
    const { connect, timers, beacon } = fixture();
    const viewer = connect({ client: { mode: 'cli' }, caps: deltas });
    timers.runSoon();
    for (const reason of ['launch', 'periodic', 'wake']) beacon('a', reason);
    beacon('b');
    timers.runSoon();
    const [, delta, ...more] = viewer.events<PresenceDelta>('presence.delta');
    expect(more).toEqual([]);
    expect(delta?.to).toBe((delta?.from ?? 0) + 4);
    expect(delta?.upsert.map(({ key, reason }) => [key, reason])).toEqual([
      ['a', 'wake'],
      ['b', 'periodic'],
    ]);
  });

  it('[PE1] [PE2] readers of deltas who start together get one state, made once, in the next flush', () => {
    const { connect, timers } = fixture();
    const viewers = ['a', 'b', 'c'].map((instanceId) => connect({ client: { instanceId }, caps: deltas }));
    expect(viewers.flatMap((viewer) => viewer.events('presence.delta'))).toEqual([]);
    timers.runSoon();
    for (const viewer of viewers) {
      const [state, ...more] = viewer.events<PresenceDelta>('presence.delta');
      expect(more).toEqual([]);
      expect(state).toMatchObject({ from: 0 });
      expect(state?.upsert.map(({ key }) => key)).toEqual(['gateway-1', 'c', 'b', 'a']);
    }
  });

  it('[PE1] a row that comes and goes within a flush is removed, not upserted', () => {
    const { connect, timers } = fixture();
    const viewer = connect({ client: { mode: 'cli' }, caps: deltas });
    timers.runSoon();
    connect({ client: { mode: 'probe', instanceId: 'p' } }).close();
    timers.runSoon();
    const [, delta] = viewer.events<PresenceDelta>('presence.delta');
    expect(delta).toMatchObject({ upsert: [], remove: ['p'] });
  });

  it('[PE1] a busy gateway waits about as long as its last flush took, at most maxCoalesceMs', () => {
    const { connect, timers, clock, beacon } = fixture({ maxCoalesceMs: 250 });
    const viewer = connect({ client: { mode: 'cli' } });
    const passAfter = (costMs: number): void => {
      viewer.transport.onSend = () => clock.advance(costMs);
      beacon('a');
      timers.advance(10_000);
      viewer.transport.onSend = () => {};
    };
    for (const [costMs, waitMs] of [
      [40, 40],
      [9_000, 250],
    ] as const) {
      passAfter(costMs);
      const sent = lists(viewer).length;
      // The flush ended somewhere in the time that went by; another one right away has to wait.
      viewer.transport.onSend = () => clock.advance(costMs);
      beacon('b');
      timers.runSoon();
      viewer.transport.onSend = () => {};
      expect(lists(viewer)).toHaveLength(sent + 1);
      beacon('c');
      timers.runSoon();
      timers.advance(waitMs - 1);
      expect(lists(viewer)).toHaveLength(sent + 1);
      timers.advance(1);
      expect(lists(viewer)).toHaveLength(sent + 2);
    }
  });

  it('[PE1] a busy gateway flushes when the wait is over, though every turn brings a change', () => {
    const { connect, timers, clock, beacon } = fixture({ maxCoalesceMs: 250 });
    const viewer = connect({ client: { mode: 'cli' } });
    timers.advance(10_000);
    viewer.transport.onSend = () => clock.advance(40);
    beacon('a');
    timers.runSoon();
    const flushedMonoMs = clock.monoMs;
    beacon('b');
    everyTurn(timers, 1_000, () => beacon('b'));
    let sentMonoMs: number | undefined;
    viewer.transport.onSend = () => {
      sentMonoMs ??= clock.monoMs;
    };
    timers.advance(1_000);
    expect((sentMonoMs ?? 0) - flushedMonoMs).toBe(40);
  });

  it('[PE1] a flush lasts until what arrived meanwhile has been received, and the wait begins then', () => {
    const { connect, timers, clock, beacon } = fixture({ maxCoalesceMs: 250 });
    const viewer = connect({ client: { mode: 'cli' } });
    timers.advance(10_000);
    const sent = lists(viewer).length;
    viewer.transport.onSend = () => {
      clock.advance(30);
      // Arrives while the flush is under way, and is received after it.
      viewer.transport.onSend = () => {};
      timers.soon(() => {
        clock.advance(20);
        beacon('b');
      });
    };
    beacon('a');
    timers.runSoon();
    expect(lists(viewer)).toHaveLength(sent + 1);
    timers.advance(49);
    expect(lists(viewer)).toHaveLength(sent + 1);
    timers.advance(1);
    expect(lists(viewer)).toHaveLength(sent + 2);
  });

  it('[PE1] a busy gateway goes on waiting while subscribers arrive, at most four times as long as its last flush took', () => {
    for (const [costMs, waitMs] of [
      [40, 160],
      [100, 250],
    ] as const) {
      const { beacon, connect, timers, sent } = busyWithArrivals(costMs);
      beacon('b');
      for (let ms = 1; ms < waitMs; ms++) {
        timers.advance(1);
        if (ms % (costMs / 5) === 0) connect({ client: { mode: 'cli' }, caps: deltas });
      }
      expect(sent()).toBe(0);
      timers.advance(1);
      expect(sent()).toBe(1);
    }
  });

  it('[PE1] it waits no longer when a quarter of what its last flush took brings no subscriber', () => {
    const { beacon, connect, timers, sent } = busyWithArrivals(40);
    beacon('b');
    timers.advance(40);
    connect({ client: { mode: 'cli' }, caps: deltas });
    timers.advance(19);
    expect(sent()).toBe(0);
    timers.advance(1);
    expect(sent()).toBe(1);
  });

  /** A gateway that a flush has just kept busy for so long, while a subscriber arrived. */
  function busyWithArrivals(costMs: number) {
    const { connect, timers, clock, beacon } = fixture({ maxCoalesceMs: 250 });
    const viewer = connect({ client: { mode: 'cli' } });
    timers.advance(10_000);
    viewer.transport.onSend = () => {
      viewer.transport.onSend = () => {};
      clock.advance(costMs);
      timers.soon(() => connect({ client: { mode: 'cli' }, caps: deltas }));
    };
    beacon('a');
    timers.runSoon();
    const before = lists(viewer).length;
    return { connect, timers, beacon, sent: () => lists(viewer).length - before };
  }

  it('[PW7] [PE4] a beacon, a connect, a disconnect, a prune and an eviction are each sent', () => {
    const { connect, timers, beacon } = fixture({ maxEntries: 3 });
    const viewer = connect({ client: { mode: 'cli' } });
    const reasons = (): (string | undefined)[][] =>
      lists(viewer).map((list) => list.map(({ instanceId, reason }) => `${instanceId} ${reason}`));
    const self = 'gateway-1 self';
    beacon('a');
    timers.runSoon();
    const ui = connect({ client: { instanceId: 'ui' } });
    timers.runSoon();
    ui.close();
    timers.runSoon();
    beacon('b');
    timers.runSoon();
    timers.advance(301_000);
    expect(reasons()).toEqual([
      [self, 'a periodic'],
      [self, 'ui connect', 'a periodic'],
      [self, 'ui disconnect', 'a periodic'],
      [self, 'b periodic', 'ui disconnect'],
      [self],
    ]);
  });

  it('[PE4] renewals start no flush of their own; they go out together after renewalMs', () => {
    const { connect, timers, clock } = fixture();
    const viewer = connect({ client: { instanceId: 'one' } });
    connect({ client: { instanceId: 'two' } });
    timers.runSoon();
    const sent = lists(viewer).length;
    const startMs = clock.wallMs;
    timers.advance(84_999);
    expect(lists(viewer)).toHaveLength(sent);
    timers.advance(1);
    expect(lists(viewer)).toHaveLength(sent + 1);
    expect(
      lists(viewer)
        .at(-1)
        ?.slice(1)
        .map(({ ts }) => ts - startMs),
    ).toEqual([75_000, 75_000]);
  });

  it('[PE4] renewals ride along with the next flush', () => {
    const { connect, timers, clock, beacon } = fixture();
    const viewer = connect({ client: { instanceId: 'one' } });
    timers.runSoon();
    const startMs = clock.wallMs;
    timers.advance(26_000);
    beacon('x');
    timers.runSoon();
    const row = lists(viewer)
      .at(-1)
      ?.find(({ instanceId }) => instanceId === 'one');
    expect(row?.ts).toBe(startMs + 25_000);
  });
});

describe('slow readers', () => {
  it('[PL2] skips flushes and sends the newest state once it has drained', () => {
    const { connect, timers, beacon } = fixture();
    const viewer = connect({ client: { mode: 'cli' } });
    viewer.transport.isBehind = true;
    for (const name of ['a', 'b', 'c']) {
      beacon(name);
      timers.runSoon();
    }
    expect(lists(viewer)).toEqual([]);
    viewer.drain();
    timers.runSoon();
    expect(lists(viewer).map((list) => list.length)).toEqual([4]);
    viewer.drain();
    timers.runSoon();
    expect(lists(viewer)).toHaveLength(1);
  });

  it('[PL2] [PE1] who drains while a busy gateway waits gets the newest state with the next flush, not once more before it', () => {
    const { connect, timers, clock, beacon } = fixture({ maxCoalesceMs: 250 });
    const ofLists = connect({ client: { mode: 'cli' } });
    const ofDeltas = connect({ client: { mode: 'cli' }, caps: deltas });
    const viewers = [ofLists, ofDeltas];
    const events = () => viewers.map((viewer) => viewer.transport.sent.length);
    const other = connect({ client: { mode: 'cli' } });
    timers.advance(10_000);
    for (const { transport } of viewers) transport.isBehind = true;
    other.transport.onSend = () => {
      other.transport.onSend = () => {};
      clock.advance(40);
    };
    beacon('a');
    timers.runSoon();
    const before = events();
    for (const viewer of viewers) viewer.drain();
    beacon('b');
    timers.advance(39);
    expect(events()).toEqual(before);
    timers.advance(1);
    expect(events()).toEqual(before.map((count) => count + 1));
    expect(lists(ofLists).at(-1)).toHaveLength(3);
    expect(ofDeltas.events<PresenceDelta>('presence.delta').at(-1)).toMatchObject({ from: 0 });
  });

  it('[PL2] a reader of deltas gets the whole state when it has drained', () => {
    const { connect, timers, beacon } = fixture();
    const viewer = connect({ client: { mode: 'cli' }, caps: deltas });
    timers.runSoon();
    viewer.transport.isBehind = true;
    beacon('a');
    timers.runSoon();
    viewer.drain();
    timers.runSoon();
    expect(viewer.events<PresenceDelta>('presence.delta').map(({ from }) => from)).toEqual([0, 0]);
  });

  it('[PL2] closes a reader who holds more than maxBufferedBytes; the others see that it left', () => {
    const { connect, timers, beacon } = fixture({ maxBufferedBytes: 1_024 });
    const slow = connect({ client: { instanceId: 'slow' } });
    const viewer = connect({ client: { mode: 'cli' } });
    timers.runSoon();
    slow.transport.bufferedBytes = 1_025;
    beacon('a');
    timers.runSoon();
    expect(slow.transport.closedWith).toEqual({ code: 1008, reason: 'slow consumer' });
    expect(lists(viewer).at(-1)?.[1]).toMatchObject({ instanceId: 'slow', reason: 'disconnect' });
  });

  it('[PL2] a reader that is taking a list larger than the bound gets its answers; with one more unread it is closed', () => {
    const { connect } = fixture({ maxBufferedBytes: 1_024 });
    const slow = connect({ client: { mode: 'cli' } });
    const { transport } = slow;
    const takeNothing = (bytes: number): void => {
      transport.onSend = () => {
        transport.bufferedBytes += bytes;
      };
    };
    takeNothing(5_000);
    slow.call('system-presence');
    takeNothing(10);
    for (let answers = 0; answers < 3; answers += 1) slow.call('health');
    expect(transport.closedWith).toBeUndefined();
    takeNothing(5_000);
    slow.call('system-presence');
    expect(() => slow.ask('health')).toThrow('not answered');
    expect(transport.closedWith).toEqual({ code: 1008, reason: 'slow consumer' });
  });

  it('[PL2] who is closed during its own handshake is no viewer', () => {
    const { open, timers, beacon } = fixture({ maxBufferedBytes: 1_024 });
    const slow = open();
    slow.transport.bufferedBytes = 1_025;
    expect(() => slow.connect({ client: { mode: 'cli' } })).toThrow('not answered');
    expect(slow.transport.closedWith?.code).toBe(1008);
    let looks = 0;
    Object.defineProperty(slow.transport, 'isBehind', { get: () => ++looks > 0 });
    beacon('a');
    timers.runSoon();
    expect(looks).toBe(0);
  });
});

describe('readers', () => {
  it('[PA4] who may not read is sent nothing but ticks', () => {
    const { connect, timers, beacon } = fixture();
    const blind = connect({ scopes: [], caps: deltas });
    beacon('a');
    timers.advance(30_000);
    expect(blind.received().map((frame) => (frame.type === 'event' ? frame.event : frame.type))).toEqual([
      'connect.challenge',
      'res',
      'tick',
    ]);
  });

  it('[PW7] events are numbered from 1 for each connection, whatever they are', () => {
    const { connect, timers, beacon } = fixture();
    const viewer = connect();
    beacon('a');
    timers.advance(60_000);
    beacon('b');
    timers.runSoon();
    const late = connect();
    beacon('c');
    timers.runSoon();
    for (const client of [viewer, late]) {
      const seqs = client.received().flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));
      expect(seqs).toEqual([undefined, ...seqs.slice(1).map((_, index) => index + 1)]);
    }
  });
});
