import { describe, expect, it } from 'vitest';
import { ClusterModel } from '../../test/harness/cluster-model.ts';
import { createRosterFixture } from '../../test/harness/roster-fixture.ts';
import type { Change } from './index.ts';

/** Key, cause and the connections of the row before, for each change that has a cause. */
function causes(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ key, cause }) =>
    cause === undefined ? [] : [`${key} ${cause.code}${cause.evidence ? `: ${cause.evidence}` : ''}`],
  );
}

describe('causes', () => {
  it('[PJ1] a first connection is connected, a return is reconnected and says after how long', () => {
    const { clock, connect, disconnect, view } = createRosterFixture();
    expect(causes(connect('c1', { instanceId: 'a' }))).toEqual(['a connected']);
    expect(causes(connect('c2', { instanceId: 'a' }))).toEqual([]);
    expect(causes(disconnect('c1'))).toEqual([]);
    disconnect('c2');
    clock.advance(12_000);
    expect(causes(connect('c3', { instanceId: 'a' }))).toEqual(['a reconnected: after 12 s']);
    expect(view('a').cause).toEqual({ code: 'reconnected', evidence: 'after 12 s' });
  });

  it('[PJ1] the last close has the cause that the caller gives, unknown by default', () => {
    const { clock, roster, connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    connect('c2', { instanceId: 'b' });
    const closed = { code: 'closed', evidence: 'code 1000' } as const;
    expect(causes(roster.disconnect('c1', clock.now(), closed))).toEqual(['a closed: code 1000']);
    expect(view('a').cause).toEqual(closed);
    expect(causes(disconnect('c2'))).toEqual(['b unknown']);
  });

  it('[PJ1] a transient row goes for the cause of its close', () => {
    const { clock, roster, connect } = createRosterFixture();
    connect('c1', { instanceId: 'p', mode: 'probe' });
    const [change] = roster.disconnect('c1', clock.now(), { code: 'reset' });
    expect(change).toMatchObject({ kind: 'remove', cause: { code: 'reset' }, previous: { connections: 1 } });
  });

  it('[PJ1] expired, evicted and replaced say so', () => {
    const { connect, disconnect, beacon, wait } = createRosterFixture({ maxEntries: 1, ttlMs: 60_000 });
    beacon({ instanceId: 'a' });
    expect(causes(beacon({ instanceId: 'b' }))).toEqual([
      'b connected: first beacon, no connection',
      'a evicted: the roster is full (1)',
    ]);
    expect(causes(wait(60_001))).toEqual(['b expired: no renewal for 60 s']);
    connect('c1', { instanceId: 'old', deviceId: 'd', mode: 'webchat' });
    disconnect('c1');
    const moved = connect('c2', { instanceId: 'new', deviceId: 'd', mode: 'webchat' });
    expect(causes(moved)).toEqual(['old replaced: now listed as new', 'new reconnected: after 0 s']);
    expect(moved.at(-1)).toMatchObject({ previousKey: 'old', previous: { key: 'old' } });
  });

  it('[PJ1] every change names the row before it, and a row that was not listed has none', () => {
    const { connect, beacon } = createRosterFixture();
    const [first] = connect('c1', { instanceId: 'a' });
    expect(first?.previous).toBeUndefined();
    const [second] = beacon({ instanceId: 'a', host: 'h' });
    expect(second?.previous).toBe(first?.kind === 'upsert' ? first.view : undefined);
  });
});

describe('causes in a cluster', () => {
  const shown = (model: ClusterModel, index: number) => model.clients(index).map(({ cause }) => cause);

  it('[PJ1] [PC1] travel with the row, and a return at another gateway says after how long', () => {
    const model = new ClusterModel([0, 0]);
    model.connect(0, 'c1', { instanceId: 'a' });
    model.exchange();
    expect(shown(model, 1)).toEqual([{ code: 'connected' }]);
    const { roster, clock } = model.at(0);
    model.apply(0, roster.disconnect('c1', clock.now(), { code: 'connection-lost', evidence: 'no pong' }));
    model.exchange();
    expect(shown(model, 1)).toEqual([{ code: 'connection-lost', evidence: 'no pong' }]);
    model.wait(3_000);
    model.connect(1, 'c2', { instanceId: 'a' });
    model.exchange();
    for (const index of [0, 1])
      expect(shown(model, index)).toEqual([{ code: 'reconnected', evidence: 'after 3 s' }]);
  });

  it('[PJ1] a row that is removed elsewhere says why here', () => {
    const model = new ClusterModel([0, 0]);
    model.connect(0, 'c1', { instanceId: 'p', mode: 'probe' });
    model.exchange();
    const { roster, clock } = model.at(0);
    model.apply(0, roster.disconnect('c1', clock.now(), { code: 'reset' }));
    model.publish();
    const { inbox, roster: other, clock: otherClock } = model.at(1);
    expect(causes(other.receive(inbox, otherClock.now()))).toEqual(['p reset']);
  });

  it('[PJ1] a gateway out of reach is the cause for its rows, also when it ended', () => {
    const model = new ClusterModel([0, 0]);
    model.connect(0, 'c1', { instanceId: 'a' });
    model.exchange();
    const { roster, clock } = model.at(1);
    const { memberId } = model.at(0).roster;
    const sinceMs = clock.wallMs;
    const lost = roster.setClusterStatus(memberId, { kind: 'unreachable', sinceMs }, clock.now());
    expect(causes(lost).filter((cause) => cause.startsWith('a '))).toEqual(['a gateway-unreachable']);
    const gone = roster.setClusterStatus(memberId, { kind: 'left', sinceMs }, clock.now());
    expect(causes(gone).filter((cause) => cause.startsWith('a '))).toEqual([
      'a gateway-restart: its gateway ended',
    ]);
  });
});
