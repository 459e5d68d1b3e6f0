import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import { createRosterFixture, type RosterFixture } from '../../test/harness/roster-fixture.ts';
import { anyStep, runStep, selfFacts } from '../../test/harness/roster-steps.ts';
import { type Change, type InstanceView, memberIdOf, PresenceRoster, type RosterOptions } from './index.ts';

const ttlMs = 300_000;

/** A gateway with the upstream `home`, up. */
function fixture(options: RosterOptions & { readonly maxRows?: number } = {}) {
  const { maxRows = 10, ...rest } = options;
  const base = createRosterFixture(rest);
  const { roster, clock } = base;
  roster.setSelf(selfFacts, clock.now());
  roster.addMember({ id: 'h', kind: 'upstream', name: 'home', maxRows }, clock.now());
  roster.setMemberStatus('h', { kind: 'up' }, clock.now());
  const row = (key: string, more: Partial<InstanceView> = {}): InstanceView => ({
    key,
    instanceId: key,
    ts: clock.wallMs,
    connections: 0,
    firstSeenAtMs: clock.wallMs,
    sources: {},
    ...more,
  });
  return {
    ...base,
    row,
    live: (key: string, more: Partial<InstanceView> = {}) =>
      row(key, { connections: 1, connectedAtMs: clock.wallMs, ...more }),
    home: (...rows: InstanceView[]) => roster.replaceMember('h', rows, clock.now()),
    write: (upsert: InstanceView[], remove: string[] = []) =>
      roster.writeMember('h', { upsert, remove }, clock.now()),
    lost: () => roster.setMemberStatus('h', { kind: 'unreachable', sinceMs: clock.wallMs }, clock.now()),
    up: () => roster.setMemberStatus('h', { kind: 'up' }, clock.now()),
  };
}

const kinds = (changes: readonly Change[]): string[] => changes.map(({ kind, key }) => `${kind} ${key}`);

describe('upstream members', () => {
  it('[PU6] a gateway without one does not name gateways; with one every row does', () => {
    const base: RosterFixture = createRosterFixture();
    base.roster.setSelf(selfFacts, base.clock.now());
    base.connect('c1', { instanceId: 'a' });
    expect(base.view('a')).not.toHaveProperty('gateways');
    const { version } = base.roster;
    const shown = base.roster.addMember(
      { id: 'h', kind: 'upstream', name: 'home', maxRows: 5 },
      base.clock.now(),
    );
    expect(shown.map(({ version: at }) => at)).toEqual([version + 1, version + 1]);
    expect(shown.every(({ previous, cause }) => previous !== undefined && cause === undefined)).toBe(true);
    expect(base.view('a')).toMatchObject({ gateways: ['gate'], connections: 1 });
    expect(base.view('a')).not.toHaveProperty('gatewayIds');
    expect(base.view('gw').gateways).toEqual(['gate']);
  });

  it('[PU6] one instance on two gateways is one row that names both, with the connections and roles of both', () => {
    const { connect, home, live, view, keys } = fixture();
    connect('c1', { instanceId: 'a', host: 'mac' }, { role: 'node' });
    home(live('a', { host: 'mac', roles: ['operator'] }), live('b'));
    expect(view('a')).toMatchObject({ gateways: ['gate', 'home'], connections: 2 });
    expect(view('a').roles?.toSorted()).toEqual(['node', 'operator']);
    expect(view('b').gateways).toEqual(['home']);
    expect(keys().toSorted()).toEqual(['a', 'b', 'gw']);
  });

  it('[PU6] [PU7] rows that are not in the whole list are gone, with a cause; others stay as they were', () => {
    const { home, live, view } = fixture();
    home(live('a'), live('b'));
    const firstSeenAtMs = view('a').firstSeenAtMs;
    const changes = home(live('a', { firstSeenAtMs: firstSeenAtMs + 5 }));
    expect(kinds(changes)).toEqual(['remove b', 'upsert a']);
    expect(changes[0]?.cause).toEqual({ code: 'unknown', evidence: 'home lists it no more' });
    expect(view('a').firstSeenAtMs).toBe(firstSeenAtMs);
  });

  it('[PU7] [PJ1] a lost link turns rows to unreachable, keeps them for the TTL, and they come back as they were', () => {
    const { home, live, row, view, keys, wait, lost, up } = fixture();
    const rows = () => [
      live('a'),
      row('b'),
      row('gateway:home', { self: true, mode: 'gateway', reason: 'self' }),
    ];
    home(...rows());
    wait(ttlMs - 1);
    const sinceMs = view('gw').ts;
    const changes = lost();
    expect(kinds(changes).toSorted()).toEqual(['upsert a', 'upsert b', 'upsert gateway:home']);
    expect(changes.every(({ cause }) => cause?.code === 'gateway-unreachable')).toBe(true);
    expect(view('a')).toMatchObject({ unreachableSinceMs: sinceMs, connections: 1 });
    expect(kinds(wait(2))).toEqual(['remove b']);
    expect(kinds(wait(ttlMs - 2))).toEqual([]);
    up();
    home(...rows());
    expect(keys().toSorted()).toEqual(['a', 'b', 'gateway:home', 'gw']);
    expect(view('a')).not.toHaveProperty('unreachableSinceMs');
    lost();
    expect(kinds(wait(ttlMs + 1)).toSorted()).toEqual(['remove a', 'remove b']);
    expect(keys()).toEqual(['gw', 'gateway:home']);
  });

  it('[PU7] a gateway that restarts says so; one that left takes its connections with it', () => {
    const { clock, roster, home, live, view } = fixture();
    home(live('a'));
    const at = { sinceMs: clock.wallMs };
    const [restarting] = roster.setMemberStatus('h', { kind: 'restarting', ...at }, clock.now());
    expect(restarting?.cause).toEqual({ code: 'gateway-restart', evidence: 'home said that it restarts' });
    expect(view('a')).toMatchObject({ unreachableSinceMs: at.sinceMs, connections: 1 });
    roster.setMemberStatus('h', { kind: 'left', ...at }, clock.now());
    expect(view('a')).toMatchObject({ connections: 0, disconnectedAtMs: at.sinceMs });
  });

  it('[PU3] [PU7] a live row of a gateway that is up outlives the TTL, others expire', () => {
    const { home, live, row, wait, keys } = fixture();
    home(live('a'), row('b'));
    expect(kinds(wait(ttlMs + 1))).toEqual(['remove b']);
    expect(keys()).toEqual(['gw', 'a']);
  });

  it('[PU10] keeps at most maxRows, those without a connection go first, the oldest first', () => {
    const { clock, row, live, home, write, keys, connect } = fixture({ maxRows: 3, maxEntries: 3 });
    const at = (agoMs: number) => ({ ts: clock.wallMs - agoMs });
    home(row('old', at(3_000)), row('new', at(1_000)), live('live', at(9_000)));
    expect(kinds(write([row('x')]))).toEqual(['upsert x', 'remove old']);
    write([live('l2'), live('l3')]);
    expect(keys().toSorted()).toEqual(['gw', 'l2', 'l3', 'live']);
    connect('c1', { instanceId: 'own1' });
    connect('c2', { instanceId: 'own2' });
    expect(keys()).toHaveLength(6);
  });

  it('[PU6] no beacon and no connection changes what a member says', () => {
    const { roster, clock, home, live, row, beacon, connect, disconnect, view } = fixture();
    home(
      live('a', { host: 'theirs', version: '1' }),
      row('page', { deviceId: 'd', mode: 'webchat', disconnectedAtMs: clock.wallMs }),
      row('gateway:home', { self: true, mode: 'gateway', reason: 'self', host: 'theirs' }),
    );
    clock.advance(1);
    beacon({ instanceId: 'a', host: 'mine' });
    expect(view('a')).toMatchObject({ connections: 1, version: '1', gateways: ['gate', 'home'] });
    home(live('a', { host: 'theirs', version: '1' }), row('page', { deviceId: 'd', mode: 'webchat' }));
    roster.sweep(clock.advance(ttlMs + 1));
    home(live('a', { host: 'theirs', version: '1' }), row('page', { deviceId: 'd', mode: 'webchat' }));
    expect(view('a')).toMatchObject({ host: 'theirs', gateways: ['home'] });
    connect('c1', { instanceId: 'page2', deviceId: 'd', mode: 'webchat' });
    expect(view('page').gateways).toEqual(['home']);
    disconnect('c1');
    const refused = roster.beacon({ facts: { instanceId: 'gateway:home' } }, clock.now());
    home(row('gateway:home', { self: true, mode: 'gateway', reason: 'self' }));
    expect(roster.beacon({ facts: { host: 'gateway:home' } }, clock.now())).toMatchObject({
      refusal: { refused: 'self-row' },
    });
    expect(refused).toHaveProperty('changes');
  });

  it('[PU6] a member that is removed takes only its own rows along', () => {
    const { roster, clock, home, live, connect, keys, view } = fixture();
    connect('c1', { instanceId: 'a' });
    home(live('a'), live('b'));
    const changes = roster.removeMember('h', clock.now());
    expect(kinds(changes).toSorted()).toEqual(['remove b', 'upsert a']);
    expect(changes.find(({ kind }) => kind === 'remove')?.cause?.code).toBe('removed');
    expect(view('a')).toMatchObject({ connections: 1, gateways: ['gate'] });
    expect(keys()).toEqual(['gw', 'a']);
    expect(() => roster.removeMember('h', clock.now())).toThrow(TypeError);
  });

  it('[PU8] [PC1] rows of upstreams stay on their own gateway', () => {
    const { clock } = createRosterFixture();
    const roster = new PresenceRoster({ memberId: memberIdOf('g', 'run') });
    roster.setSelf(selfFacts, clock.now());
    roster.takeContributions();
    roster.addMember({ id: 'h', kind: 'upstream', name: 'home', maxRows: 5 }, clock.now());
    const view = { key: 'a', ts: clock.wallMs, connections: 1, firstSeenAtMs: clock.wallMs, sources: {} };
    roster.replaceMember('h', [view], clock.now());
    expect(roster.takeContributions()).toEqual([]);
    expect(roster.everything().map(({ key }) => key)).toEqual(['gw']);
    const forged = { memberId: 'upstream:h', key: 'a', stamp: { ms: 9e12, counter: 0, memberId: 'x@1' } };
    expect(roster.receive([forged], clock.now())).toEqual([]);
  });

  it('[PE3] [PT3] [PU7] changes replayed over the list give the next list, whatever an upstream does', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd1', 'x', 'y');
    const rows = fc.uniqueArray(
      fc.record({
        key,
        connections: fc.nat(1),
        agoMs: fc.nat(400_000),
        deviceId: fc.constantFrom('d1', 'd2'),
      }),
      { selector: (row) => row.key, maxLength: 6 },
    );
    const act = fc.oneof(
      anyStep.map((step) => ({ kind: 'step' as const, step })),
      rows.map((list) => ({ kind: 'replace' as const, list })),
      fc.tuple(rows, key).map(([list, gone]) => ({ kind: 'write' as const, list, gone })),
      fc
        .constantFrom('up', 'unreachable', 'restarting', 'left')
        .map((status) => ({ kind: 'status' as const, status })),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { roster, clock } = fixture({ maxEntries: 5, maxRows: 4 });
        const listed = () => new Map(Array.from(roster.views(clock.now()), (view) => [view.key, view]));
        const connected = new Set<string>();
        const seen = listed();
        for (const one of acts) {
          const now = clock.now();
          const toViews = (
            list: readonly { agoMs: number; key: string; connections: number; deviceId: string }[],
          ) =>
            list.map(({ agoMs, ...facts }) => ({
              ...facts,
              ts: Math.max(0, clock.wallMs - agoMs),
              firstSeenAtMs: 0,
              sources: {},
            }));
          const result =
            one.kind === 'step'
              ? runStep(one.step, roster, clock, connected)
              : one.kind === 'replace'
                ? roster.replaceMember('h', toViews(one.list), now)
                : one.kind === 'write'
                  ? roster.writeMember('h', { upsert: toViews(one.list), remove: [one.gone] }, now)
                  : roster.setMemberStatus(
                      'h',
                      one.status === 'up'
                        ? { kind: 'up' }
                        : { kind: one.status as 'left', sinceMs: clock.wallMs },
                      now,
                    );
          for (const change of typeof result === 'string' ? [] : result) {
            // The own row is fresh whenever it is read.
            const before = seen.get(change.key);
            if (before?.self !== true) expect(change.previous).toEqual(before);
            if (change.kind === 'upsert') seen.set(change.key, change.view);
            else expect(seen.delete(change.key)).toBe(true);
          }
          const now2 = listed();
          expect(now2.size).toBe(roster.size);
          expect(now2.size).toBeLessThanOrEqual(5 + 4);
          for (const [name, view] of seen) if (view.self !== true) expect(now2.get(name)).toEqual(view);
          expect([...now2.keys()].toSorted()).toEqual([...seen.keys()].toSorted());
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
