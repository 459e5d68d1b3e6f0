import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterModel } from '../../test/harness/cluster-model.ts';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';

const gatewayCount = 3;
const ttlMs = 300_000;
const at = fc.nat(gatewayCount - 1);
const name = fc.constantFrom('ana', 'bea', 'cleo', 'dora', 'eve', 'fay');
const device = fc.constantFrom('d1', 'd2');
const slot = fc.nat(5);

type Step = (model: ClusterModel, live: Map<string, number>) => void;

const connectAs = (facts: fc.Arbitrary<Facts>): fc.Arbitrary<Step> =>
  fc.tuple(at, slot, name, facts).map(
    ([gateway, id, instanceId, others]): Step =>
      (model, live) => {
        const connectionId = `c${id}`;
        if (live.has(connectionId)) return;
        live.set(connectionId, gateway);
        model.connect(gateway, connectionId, { instanceId, ...others }, [`scope-${id}`]);
      },
  );
const mode = fc.constantFrom('ui', 'webchat', 'probe');
const connect = connectAs(fc.record({ mode, deviceId: device }, { requiredKeys: ['mode'] }));
const disconnect = slot.map(
  (id): Step =>
    (model, live) => {
      const gateway = live.get(`c${id}`);
      if (gateway === undefined) return;
      live.delete(`c${id}`);
      model.disconnect(gateway, `c${id}`);
    },
);
const renew = slot.map(
  (id): Step =>
    (model, live) => {
      const gateway = live.get(`c${id}`);
      if (gateway !== undefined) model.renew(gateway, `c${id}`);
    },
);
const beacon = fc.tuple(at, name, fc.option(fc.nat(500))).map(
  ([gateway, instanceId, input]): Step =>
    (model) =>
      model.beacon(gateway, { instanceId, ...(input !== null && { lastInputSeconds: input }) }),
);
const beaconOf = (facts: Facts): fc.Arbitrary<Step> =>
  fc.tuple(at, name).map(
    ([gateway, instanceId]): Step =>
      (model) =>
        model.beacon(gateway, { instanceId, ...facts }),
  );
const wait = fc.constantFrom(1, 90, 20_000, 130_000).map(
  (ms): Step =>
    (model) =>
      model.wait(ms),
);
const publish = fc.constant<Step>((model) => model.publish());
/** Some of what is under way arrives, in any order, some of it twice, some never. */
const deliver = fc.tuple(at, fc.infiniteStream(fc.integer({ min: 0, max: 3 }))).map(
  ([gateway, fates]): Step =>
    (model) => {
      const arriving = model.at(gateway).inbox.splice(0);
      const later: typeof arriving = [];
      for (const contribution of arriving) {
        const fate = fates.next().value;
        if (fate === 0) continue;
        model.deliver(gateway, fate === 1 ? [contribution, contribution] : []);
        if (fate > 1) later.unshift(contribution);
      }
      model.deliver(gateway, later);
    },
);
const steps = fc.array(fc.oneof(connect, disconnect, renew, beacon, wait, publish, deliver), {
  maxLength: 60,
});

function run(model: ClusterModel, script: readonly Step[]): Map<string, number> {
  const live = new Map<string, number>();
  for (const step of script) step(model, live);
  model.resync();
  return live;
}

function expectSameRows(model: ClusterModel): void {
  const first = JSON.stringify(model.clients(0));
  for (let index = 1; index < gatewayCount; index++) expect(JSON.stringify(model.clients(index))).toBe(first);
}

function expectViewersRight(model: ClusterModel): void {
  for (const { roster, clock, seen } of model.gateways) {
    const listed = [...roster.views(clock.now())].filter(({ self }) => self !== true);
    const published = [...seen.values()].filter(({ self }) => self !== true);
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
    expect(published.sort(byKey)).toEqual(listed.sort(byKey));
  }
}

/** The part of a row that a property is about. */
type Part = (view: InstanceView) => object;

const partsOf = (model: ClusterModel, index: number, part: Part): Readonly<Record<string, object>> =>
  Object.fromEntries(model.clients(index).map((view) => [view.key, part(view)]));

/** Runs steps on a cluster that hears everything at once, and on one gateway; both must show the same. */
function expectAsOne(script: readonly Step[], part: Part): void {
  const cluster = { model: new ClusterModel([0, 0, 0]), live: new Map<string, number>() };
  const alone = { model: new ClusterModel([0]), live: new Map<string, number>() };
  for (const step of script) {
    for (const { model, live } of [cluster, alone]) {
      step(model, live);
      model.wait(1);
      model.exchange();
    }
    for (let index = 0; index < gatewayCount; index++)
      expect(partsOf(cluster.model, index, part)).toEqual(partsOf(alone.model, 0, part));
  }
}

describe('a cluster of rosters', () => {
  it('[PC7] [PK7] shows the text, the connections and their grants as one gateway would that heard everything', () => {
    const desk = { host: 'desk', mode: 'ui' };
    const update = fc.oneof(connectAs(fc.constant(desk)), disconnect, renew);
    const report = fc.oneof(beaconOf(desk), beaconOf({ text: 'gone fishing' }));
    fc.assert(
      fc.property(fc.array(fc.oneof(update, report), { maxLength: 30 }), (script) => {
        expectAsOne(script, ({ text, connections, disconnectedAtMs, roles, scopes }) => {
          return { text, connections, disconnectedAtMs, roles, scopes: scopes?.toSorted() };
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PC7] [PK5] [PK7] shows who said a fact last as one gateway would that heard everything', () => {
    const update = fc.oneof(...['desk', 'lap'].map((host) => connectAs(fc.constant({ host, mode: 'ui' }))));
    const report = fc.oneof(...['hall', 'roof'].map((host) => beaconOf({ host, mode: 'tv', reason: host })));
    fc.assert(
      fc.property(fc.array(fc.oneof(update, report, renew), { maxLength: 30 }), (script) => {
        expectAsOne(script, ({ host, mode, reason, text, ts, sources }) => {
          return { host, mode, reason, text, ts, sources };
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PE3] [PC1] lists the same bytes everywhere after a resync, whatever was lost, repeated or late', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const model = new ClusterModel([0, 0, 0], { ttlMs });
        run(model, script);
        expectSameRows(model);
        expectViewersRight(model);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PT4] [PC1] [PC5] with clocks minutes apart converges, and keeps every live row', () => {
    const skew = fc.integer({ min: -240_000, max: 240_000 });
    fc.assert(
      fc.property(steps, fc.tuple(skew, skew, skew), (script, skews) => {
        const model = new ClusterModel(skews, { ttlMs });
        for (const [index, { roster, clock }] of model.gateways.entries()) {
          for (const other of model.gateways) {
            if (other.roster === roster) continue;
            model.apply(index, roster.setClusterStatus(other.roster.memberId, { kind: 'up' }, clock.now()));
          }
        }
        const live = run(model, script);
        expectSameRows(model);
        for (const [connectionId, gateway] of live) {
          const { roster, clock } = model.at(gateway);
          const own = roster.view(roster.keyOf(connectionId) ?? '', clock.now());
          // One that nobody renewed has expired like any other.
          if (own?.gatewayIds?.includes(model.at(gateway).id) !== true) continue;
          for (let other = 0; other < gatewayCount; other++) {
            expect(
              model.clients(other).some(({ key, connections }) => key === own.key && connections > 0),
            ).toBe(true);
          }
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PT3] [PC1] never lists more than maxEntries, and the same ones everywhere', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 4, max: 6 }), (script, maxEntries) => {
        const model = new ClusterModel([0, 0, 0], { ttlMs, maxEntries });
        const live = new Map<string, number>();
        for (const step of script) {
          step(model, live);
          for (const { roster } of model.gateways) expect(roster.size).toBeLessThanOrEqual(maxEntries);
        }
        model.resync();
        expectSameRows(model);
        expectViewersRight(model);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PT1] [PC1] lists nothing older than the TTL once swept, and its tombstones are bounded', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const model = new ClusterModel([0, 0, 0], { ttlMs, maxEntries: 10 });
        const live = new Map<string, number>();
        for (const step of script) {
          step(model, live);
          for (const { roster } of model.gateways) expect(roster.tombstones).toBeLessThanOrEqual(41);
        }
        model.wait(ttlMs + 1);
        model.resync();
        for (let index = 0; index < gatewayCount; index++) expect(model.clients(index)).toEqual([]);
        model.wait(ttlMs + 1);
        for (const { roster } of model.gateways) expect(roster.tombstones).toBe(0);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
