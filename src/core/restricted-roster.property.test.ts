import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import {
  type Change,
  type InstanceView,
  type MemberStatus,
  PresenceRoster,
  type RestrictedListing,
} from './index.ts';

const runs = { numRuns: propertyRuns() };
const upstreams = ['home', 'office', 'work'] as const;
type Upstream = (typeof upstreams)[number];
const ownName = 'gate';
const keys = ['a', 'b', 'c', 'd', 'e'] as const;
const ttlMs = 20_000;

/** One input; `gateway` says which member it comes from, so that a roster can be made that never heard it. */
interface Step {
  readonly gateway: Upstream | typeof ownName | 'time';
  /** Milliseconds that pass before. */
  readonly ms?: number;
  readonly run: (roster: PresenceRoster, clock: ManualClock) => readonly Change[];
}

const key = fc.constantFrom(...keys);
const upstream = fc.constantFrom(...upstreams);

const row = fc.record({
  key,
  ageMs: fc.integer({ min: 0, max: 10_000 }),
  connections: fc.integer({ min: 0, max: 2 }),
  hasLeft: fc.boolean(),
  host: fc.constantFrom('one', 'two', undefined),
  mode: fc.constantFrom('ui', 'node'),
  roles: fc.constantFrom(['operator'], ['node'], undefined),
  rttMs: fc.constantFrom(3, 9, undefined),
  deviceId: fc.constantFrom('device-1', undefined),
  self: fc.constantFrom(undefined, undefined, undefined, true),
});

function viewOf(from: typeof row extends fc.Arbitrary<infer T> ? T : never, gateway: string, nowMs: number) {
  const { ageMs, hasLeft, self, connections, ...facts } = from;
  const ts = nowMs - ageMs;
  const isGateway = self === true;
  return {
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    key: isGateway ? `gateway:${gateway}` : facts.key,
    instanceId: isGateway ? `gateway:${gateway}` : facts.key,
    ts,
    connections,
    firstSeenAtMs: ts,
    sources: {},
    ...(connections > 0 && { connectedAtMs: ts }),
    ...(connections === 0 && hasLeft && { disconnectedAtMs: ts }),
    ...(isGateway && { self: true }),
  } as InstanceView;
}

const write: fc.Arbitrary<Step> = fc
  .record({ id: upstream, rows: fc.array(row, { maxLength: 3 }), remove: fc.array(key, { maxLength: 2 }) })
  .map(({ id, rows, remove }) => ({
    gateway: id,
    run: (roster, clock) =>
      roster.writeMember(
        id,
        { upsert: rows.map((item) => viewOf(item, id, clock.wallMs)), remove },
        clock.now(),
      ),
  }));
const replace: fc.Arbitrary<Step> = fc
  .record({ id: upstream, rows: fc.uniqueArray(row, { maxLength: 4, selector: (item) => item.key }) })
  .map(({ id, rows }) => ({
    gateway: id,
    run: (roster, clock) =>
      roster.replaceMember(
        id,
        rows.map((item) => viewOf(item, id, clock.wallMs)),
        clock.now(),
      ),
  }));
const status: fc.Arbitrary<Step> = fc
  .record({ id: upstream, kind: fc.constantFrom('up', 'unreachable', 'restarting', 'left') })
  .map(({ id, kind }) => ({
    gateway: id,
    run: (roster, clock) =>
      roster.setMemberStatus(id, { kind, sinceMs: clock.wallMs } as MemberStatus, clock.now()),
  }));
const again: fc.Arbitrary<Step> = upstream.map((id) => ({
  gateway: id,
  run: (roster, clock) => [...roster.removeMember(id, clock.now()), ...added(roster, id, clock)],
}));
const connection = fc.constantFrom('c1', 'c2', 'c3');
const connect: fc.Arbitrary<Step> = fc
  .record({ connectionId: connection, instanceId: key })
  .map(({ connectionId, instanceId }) => ({
    gateway: ownName,
    run: (roster, clock) => {
      const left = roster.disconnect(connectionId, clock.now());
      const update = { connectionId, facts: { instanceId, mode: 'ui' }, role: 'operator', scopes: [] };
      const outcome = roster.connect(update, clock.now());
      return [...left, ...('changes' in outcome ? outcome.changes : [])];
    },
  }));
const leave: fc.Arbitrary<Step> = connection.map((connectionId) => ({
  gateway: ownName,
  run: (roster, clock) => roster.disconnect(connectionId, clock.now()),
}));
const beacon: fc.Arbitrary<Step> = key.map((instanceId) => ({
  gateway: ownName,
  run: (roster, clock) => {
    const outcome = roster.beacon({ facts: { instanceId, text: 'beacon', reason: 'periodic' } }, clock.now());
    return 'changes' in outcome ? outcome.changes : [];
  },
}));
const wait: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 15_000 }).map((ms) => ({
  gateway: 'time',
  ms,
  run: (roster, clock) => roster.sweep(clock.now()),
}));
const anyStep = fc.oneof(write, replace, status, again, connect, leave, beacon, wait);

function added(roster: PresenceRoster, name: Upstream, clock: ManualClock): readonly Change[] {
  return roster.addMember({ id: name, kind: 'upstream', name, maxRows: 4 }, clock.now());
}

function newRoster(clock: ManualClock, known: readonly string[]): PresenceRoster {
  const roster = new PresenceRoster({ ttlMs, maxEntries: 5, name: ownName });
  roster.setSelf({ instanceId: 'gw', host: 'gw' }, clock.now());
  // Rows name their gateways once there was another one.
  roster.addMember({ id: 'none', kind: 'upstream', name: 'none', maxRows: 1 }, clock.now());
  roster.removeMember('none', clock.now());
  for (const name of upstreams) if (known.includes(name)) added(roster, name, clock);
  return roster;
}

/** What a reader holds who applies every change to the list that it started with (PE3). */
class Reader {
  readonly rows = new Map<string, InstanceView>();
  version = 0;

  start(listing: RestrictedListing, clock: ManualClock): void {
    this.version = listing.version;
    for (const view of listing.views(clock.now())) this.rows.set(view.key, view);
  }

  take(changes: readonly Change[]): void {
    for (const change of changes) {
      expect(change.version).toBeGreaterThanOrEqual(this.version);
      this.version = change.version;
      if (change.kind === 'remove') this.rows.delete(change.key);
      else this.rows.set(change.key, change.view);
    }
  }
}

const allowedSets = fc.subarray([...upstreams, ownName]);

function listed(views: Iterable<InstanceView>): unknown[] {
  return [...views];
}

describe('restricted readers', () => {
  it('[PU14] [PE3] see, in any history, what a roster lists that never knew the other gateways', () => {
    fc.assert(
      fc.property(
        allowedSets,
        fc.array(anyStep, { maxLength: 50 }),
        fc.nat({ max: 50 }),
        (allowed, steps, startAt) => {
          const clock = new ManualClock();
          const whole = newRoster(clock, upstreams);
          const reference = newRoster(clock, allowed);
          const reader = new Reader();
          let listing: RestrictedListing | undefined;
          const start = (): void => {
            listing = whole.restrict(allowed, (changes) => reader.take(changes), clock.now()).listing;
            reader.start(listing, clock);
          };
          for (const [index, step] of steps.entries()) {
            if (index === startAt) start();
            clock.advance(step.ms ?? 0);
            step.run(whole, clock);
            if (step.gateway === 'time' || allowed.includes(step.gateway)) step.run(reference, clock);
            if (listing === undefined) continue;
            const now = clock.now();
            expect(listed(listing.views(now))).toEqual(listed(reference.views(now)));
            expect(listing.size).toBe(reference.size);
            const others = (views: Iterable<InstanceView>) =>
              new Map([...views].filter(({ self }) => self !== true).map((view) => [view.key, view]));
            expect(others(reader.rows.values())).toEqual(others(listing.views(now)));
          }
        },
      ),
      runs,
    );
  });

  it('[PU14] a row of two gateways shows the connections, roles and names of the allowed one alone', () => {
    const clock = new ManualClock();
    const whole = newRoster(clock, upstreams);
    const changes: Change[] = [];
    const { listing } = whole.restrict(['HOME'], (more) => changes.push(...more), clock.now());
    const at = (gateway: Upstream, facts: Partial<InstanceView>) =>
      whole.writeMember(
        gateway,
        {
          upsert: [
            {
              ...{ key: 'a', instanceId: 'a', ts: clock.wallMs, connections: 1 },
              ...{ firstSeenAtMs: clock.wallMs, sources: {}, ...facts },
            },
          ],
          remove: [],
        },
        clock.now(),
      );
    at('home', { roles: ['node'], host: 'mac' });
    const { version } = listing;
    at('work', { roles: ['operator'], host: 'secret', version: '9' });
    expect(whole.view('a', clock.now())).toMatchObject({ connections: 2, host: 'secret' });
    expect(listing.view('a', clock.now())).toMatchObject({ connections: 1, roles: ['node'], host: 'mac' });
    expect(listing.view('a', clock.now())?.gateways).toEqual(['home']);
    expect([...listing.views(clock.now())].map(({ key }) => key)).toEqual(['gw', 'a']);
    expect(listing.version).toBe(version);
    expect(JSON.stringify(changes)).not.toMatch(/secret|work/);
  });
});
