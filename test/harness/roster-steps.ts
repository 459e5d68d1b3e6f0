import fc from 'fast-check';
import type {
  ActivityUpdate,
  BeaconUpdate,
  Cause,
  Change,
  ConnectUpdate,
  Facts,
  Outcome,
  Roster,
} from '../../src/core/index.ts';
import type { ManualClock } from './manual-clock.ts';
import type { RosterModel } from './roster-model.ts';

/** One action on a roster, as plain data, so that a failing run can be read and shrunk. */
export type Step =
  | { readonly do: 'connect'; readonly update: ConnectUpdate }
  | { readonly do: 'disconnect'; readonly connectionId: string; readonly cause?: Cause }
  | { readonly do: 'beacon'; readonly update: BeaconUpdate }
  | { readonly do: 'activity'; readonly update: ActivityUpdate }
  | { readonly do: 'renew'; readonly connectionId: string; readonly rttMs?: number }
  | { readonly do: 'publish-renewals' }
  | { readonly do: 'sweep' }
  | { readonly do: 'set-self'; readonly facts: Facts & { readonly instanceId: string } }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'set-wall-clock'; readonly byMs: number };

/** Facts of the gateway that has the roster of a test; its key is `gw`. */
export const selfFacts: Facts & { readonly instanceId: string } = {
  instanceId: 'GW',
  host: 'gate',
  ip: '10.0.0.9',
  version: '1',
};

/** Result of a step on the real roster. */
export type StepResult = 'skipped' | 'refused' | readonly Change[];

/** Carries a step out on the roster; `live` holds the ids of open connections and is kept up to date. */
export function runStep(step: Step, roster: Roster, clock: ManualClock, live: Set<string>): StepResult {
  const now = clock.now();
  switch (step.do) {
    case 'connect':
      return connect(step.update, roster, clock, live);
    case 'disconnect':
      live.delete(step.connectionId);
      return roster.disconnect(step.connectionId, now, step.cause);
    case 'beacon':
      return changesOf(roster.beacon(step.update, now));
    case 'activity':
      return changesOf(roster.activity(step.update, now));
    case 'renew':
      return roster.renew(step.connectionId, step.rttMs, now);
    case 'publish-renewals':
      return roster.publishRenewals(now);
    case 'sweep':
      return roster.sweep(now);
    case 'set-self':
      // The own row is seeded before anything else (PR1), or not at all.
      return roster.view('gw', now)?.self ? roster.setSelf(step.facts, now) : 'skipped';
    case 'wait':
      clock.advance(step.ms);
      return [];
    case 'set-wall-clock':
      clock.setWall(clock.wallMs + step.byMs);
      return [];
  }
}

/** Carries a step out on the model, at the moment at which the roster did; true for a visible change. */
export function runModelStep(step: Step, model: RosterModel, clock: ManualClock): 'refused' | boolean {
  const now = clock.now();
  switch (step.do) {
    case 'connect':
      return model.connect(step.update, now);
    case 'disconnect':
      return model.disconnect(step.connectionId, now, step.cause);
    case 'beacon':
      return model.beacon(step.update, now);
    case 'activity':
      return model.activity(step.update, now);
    case 'renew':
      return model.renew(step.connectionId, step.rttMs, now);
    case 'publish-renewals':
      return model.publishRenewals(now);
    case 'sweep':
      return model.sweep(now);
    case 'set-self':
      return model.setSelf(step.facts, now);
    case 'wait':
    case 'set-wall-clock':
      return false;
  }
}

function connect(update: ConnectUpdate, roster: Roster, clock: ManualClock, live: Set<string>): StepResult {
  // A second connection with the id of a live one is misuse; ids of closed ones do come again here.
  if (live.has(update.connectionId)) return 'skipped';
  const result = changesOf(roster.connect(update, clock.now()));
  if (result !== 'refused') live.add(update.connectionId);
  return result;
}

function changesOf(outcome: Outcome): StepResult {
  return 'refusal' in outcome ? 'refused' : outcome.changes;
}

/** Few names in mixed case, some of them in several parts, so that rows collide, merge and conflict. */
const connectionIds = ['c1', 'c2', 'C2', 'c3'];
const instanceIds = ['a', 'A', 'b', 'B', 'c', 'd1', 'c1', 'GW', 'gw'];
const deviceIds = ['d1', 'D1', 'd2'];
const closes: readonly Cause[] = [{ code: 'closed', evidence: 'code 1000' }, { code: 'connection-lost' }];
const modes = ['ui', 'UI', 'webchat', 'node', 'cli', 'CLI', 'probe', 'Backend', 'gateway'];
const addresses = ['10.0.0.1', '::ffff:10.0.0.2', '127.0.0.1', '::1', '0.0.0.0', 'fe80::1%eth0'];

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 2 });
const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const names = {
  instanceId: optional(oneOf(instanceIds)),
  deviceId: optional(oneOf(deviceIds)),
  mode: optional(oneOf(modes)),
};

const reported = {
  host: optional(oneOf(['Mac', 'mac', 'a', 'c1', 'd2', 'gw'])),
  ip: optional(oneOf(addresses)),
  version: optional(oneOf(['1.0', '2.0'])),
  reason: optional(oneOf(['periodic', 'self', 'launch', 'Self'])),
  lastInputSeconds: optional(fc.nat({ max: 400 })),
  text: optional(oneOf(['hello', 'Node: x · mode ui', 'a', `${'long '.repeat(20)}`.trim()])),
};

const lists = {
  roles: optional(fc.subarray(['operator', 'node'])),
  scopes: optional(fc.subarray(['operator.read', 'operator.write'])),
  tags: optional(fc.subarray(['blue', 'green'])),
};

const connectStep = fc
  .record({
    connectionId: oneOf(connectionIds),
    facts: fc.record({ ...names, host: reported.host, version: reported.version }).map(known),
    observedIp: optional(oneOf(addresses)),
    role: oneOf(['operator', 'node']),
    scopes: fc.array(oneOf(['operator.read', 'operator.write', 'operator.admin']), { maxLength: 3 }),
  })
  .map((update): Step => ({ do: 'connect', update: known(update) }));

/** A web client that makes a new instanceId at every page load (PK8). */
const pageLoadStep = fc
  .record({
    connectionId: oneOf(connectionIds),
    facts: fc.record({
      instanceId: oneOf(instanceIds),
      deviceId: oneOf(deviceIds),
      mode: oneOf(['webchat', 'ui']),
    }),
    role: fc.constant('operator'),
    scopes: fc.constant(['operator.read']),
  })
  .map((update): Step => ({ do: 'connect', update }));

const beaconStep = fc
  .record({
    connectionId: optional(oneOf(connectionIds)),
    facts: fc.record({ ...names, ...reported, ...lists }).map(known),
    clearLastInput: optional(fc.boolean()),
  })
  .map((update): Step => ({ do: 'beacon', update: known(update) }));

const activityStep = fc
  .record({
    connectionId: oneOf(connectionIds),
    facts: optional(fc.record({ ...names, ...reported, ...lists }).map(known)),
    clearLastInput: optional(fc.boolean()),
    hostStats: optional(
      fc.record({ cpuCount: fc.nat(8), memoryTotalBytes: fc.nat(), memoryFreeBytes: fc.nat() }),
    ),
    source: oneOf(['node-event', 'activity'] as const),
  })
  .map((update): Step => ({ do: 'activity', update: known(update) }));

const renewStep = fc
  .record({ connectionId: oneOf(connectionIds), rttMs: optional(fc.nat({ max: 50 })) })
  .map((renewal): Step => ({ do: 'renew', ...known(renewal) }));

const selfStep = fc
  .record({ instanceId: oneOf(['gw', 'GW']), version: oneOf(['1', '2']) })
  .map((facts): Step => ({ do: 'set-self', facts: { ...selfFacts, ...facts } }));

const waitStep = oneOf([0, 1, 999, 1_000, 25_000, 60_000, 150_000, 299_999, 300_000, 300_001]).map(
  (ms): Step => ({ do: 'wait', ms }),
);

const clockStep = oneOf([-86_400_000, -301_000, -1_000, 1_000, 301_000, 86_400_000]).map(
  (byMs): Step => ({ do: 'set-wall-clock', byMs }),
);

/** Any step; connects, beacons and waits are the most frequent. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: connectStep },
  { weight: 4, arbitrary: pageLoadStep },
  {
    weight: 4,
    arbitrary: fc
      .record({ connectionId: oneOf(connectionIds), cause: optional(oneOf(closes)) })
      .map((close): Step => ({ do: 'disconnect', ...known(close) })),
  },
  { weight: 6, arbitrary: beaconStep },
  { weight: 2, arbitrary: activityStep },
  { weight: 4, arbitrary: renewStep },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'publish-renewals' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'sweep' }) },
  { weight: 1, arbitrary: selfStep },
  { weight: 4, arbitrary: waitStep },
  { weight: 2, arbitrary: clockStep },
);

/** The record without the fields that are undefined. */
type Known<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function known<T extends object>(record: T): Known<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Known<T>;
}
