import { isDeepStrictEqual } from 'node:util';
import { PresenceEntrySchema } from '@openclaw/gateway-protocol';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import { RosterModel } from '../../test/harness/roster-model.ts';
import {
  anyStep,
  runModelStep,
  runStep,
  type Step,
  type StepResult,
  selfFacts,
} from '../../test/harness/roster-steps.ts';
import { factNames } from './facts.ts';
import {
  entryOf,
  type InstanceView,
  memberIdOf,
  PresenceRoster,
  presenceKey,
  type Roster,
  sourceOf,
} from './index.ts';

const strictEntry = Compile(PresenceEntrySchema as TSchema);
const runs = { numRuns: propertyRuns() };

const situations = fc.record({
  hasSelf: fc.boolean(),
  maxEntries: fc.integer({ min: 1, max: 8 }),
  steps: fc.array(anyStep, { maxLength: 60 }),
});

/** What a roster starts with. */
interface Bounds {
  readonly maxEntries: number;
  readonly hasSelf: boolean;
  readonly members?: Members;
}

/** Who else could be in the roster; the contract is the same, whoever says nothing. */
type Members = 'nobody else' | 'a cluster without others' | 'an upstream without rows';

const contract: readonly Members[] = ['nobody else', 'a cluster without others', 'an upstream without rows'];

function newRoster({ maxEntries, hasSelf, members }: Bounds, clock: ManualClock): Roster {
  const inCluster = members === 'a cluster without others';
  const roster = new PresenceRoster({ maxEntries, ...(inCluster && { memberId: memberIdOf('gw', 'run') }) });
  if (hasSelf) roster.setSelf(selfFacts, clock.now());
  if (members === 'an upstream without rows')
    roster.addMember({ id: 'h', kind: 'upstream', name: 'home', maxRows: 3 }, clock.now());
  return roster;
}

/** Rows as the contract has them: of the same millisecond any order will do, and gateways are named for some only. */
function inAnyOrder(views: readonly InstanceView[]): InstanceView[] {
  return views
    .map(({ gateways: _, gatewayIds: __, ...view }) => view)
    .sort((a, b) => Number(b.self ?? 0) - Number(a.self ?? 0) || b.ts - a.ts || (a.key < b.key ? -1 : 1));
}

/** A roster with its clock, driven step by step. */
class Run {
  readonly clock = new ManualClock();
  readonly roster: Roster;
  readonly live = new Set<string>();
  readonly #bounds: Bounds;
  readonly #firstVersion: number;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.roster = newRoster(bounds, this.clock);
    this.#firstVersion = this.roster.version;
  }

  /** Visible changes since then. */
  get changes(): number {
    return this.roster.version - this.#firstVersion;
  }

  /** The model of the roster as it was made. */
  newModel(): RosterModel {
    const { maxEntries, hasSelf } = this.#bounds;
    const model = new RosterModel({ ttlMs: 300_000, maxEntries });
    if (hasSelf) model.setSelf(selfFacts, this.clock.now());
    return model;
  }

  step(step: Step): StepResult {
    return runStep(step, this.roster, this.clock, this.live);
  }

  views(): InstanceView[] {
    return [...this.roster.views(this.clock.now())];
  }
}

/** Deep equality that spends time on a report only when there is something to report. */
function mustEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** Roles and scopes are sets: which of them comes first says nothing. */
function withSortedGrants(views: readonly InstanceView[]): InstanceView[] {
  return views.map((view) => ({
    ...view,
    ...(view.roles && { roles: view.roles.toSorted() }),
    ...(view.scopes && { scopes: view.scopes.toSorted() }),
  }));
}

function withoutSelfTs(views: Iterable<InstanceView>): Map<string, object> {
  return new Map(Array.from(views, (view) => [view.key, view.self ? { ...view, ts: 0 } : view]));
}

describe('any sequence of updates, closes, sweeps, waits and wall-clock jumps', () => {
  it.each(contract)(
    '[PK5] [PK6] [PK8] [PR2] [PR4] [PR8] [PT1] [PT3] [PE4] with %s lists what the model lists',
    (members) => {
      fc.assert(
        fc.property(situations, ({ steps, ...situation }) => {
          // In a cluster and with upstreams the own row is there before anybody else (PR1).
          const hasSelf = situation.hasSelf || members !== 'nobody else';
          const run = new Run({ ...situation, hasSelf, members });
          const model = run.newModel();
          const firstVersion = model.version;
          for (const step of steps) {
            const result = run.step(step);
            if (result === 'skipped') continue;
            const modelResult = runModelStep(step, model, run.clock);
            mustEqual(result === 'refused', modelResult === 'refused');
            const [views, expected] = [run.views(), model.views(run.clock.now())].map(withSortedGrants);
            if (members === 'nobody else') mustEqual(views, expected);
            mustEqual(inAnyOrder(views ?? []), inAnyOrder(expected ?? []));
            mustEqual(run.roster.size, model.size);
            mustEqual(run.roster.pendingRenewals, model.pendingRenewals);
            // In a cluster a row that finds no room is not listed and dropped again, but was never listed.
            if (members === 'a cluster without others') continue;
            mustEqual(result.length > 0, modelResult !== false);
            mustEqual(run.changes, model.version - firstVersion);
            mustEqual(run.roster.evictions, model.evictions);
          }
        }),
        runs,
      );
    },
  );

  it('[PF3] tells for each fact which producer wrote it last', () => {
    fc.assert(
      fc.property(situations, ({ steps, ...bounds }) => {
        const run = new Run(bounds);
        const model = run.newModel();
        for (const step of steps) {
          if (run.step(step) !== 'skipped') runModelStep(step, model, run.clock);
          for (const view of run.views()) {
            const known = factNames.filter((fact) => view[fact] !== undefined);
            const actual = known.map((fact) => [fact, sourceOf(view, fact)]);
            const sources = model.sourcesOf(view.key);
            mustEqual(
              actual,
              known.map((fact) => [fact, sources[fact]]),
            );
            mustEqual(Object.values(view.sources).includes('connect' as never), false);
          }
        }
      }),
      runs,
    );
  });

  it.each(contract)(
    '[PE3] [PW7] with %s changes replayed over the list give the next list, one version each',
    (members) => {
      fc.assert(
        fc.property(situations, ({ steps, ...situation }) => {
          const run = new Run({
            ...situation,
            hasSelf: situation.hasSelf || members !== 'nobody else',
            members,
          });
          const replayed = new Map(run.views().map((view) => [view.key, view]));
          for (const step of steps) {
            const before = run.roster.version;
            const result = run.step(step);
            const changes = typeof result === 'string' ? [] : result;
            for (const change of changes) {
              mustEqual(change.version, before + 1);
              if (change.kind === 'upsert') replayed.set(change.key, change.view);
              else mustEqual(replayed.delete(change.key), true);
            }
            mustEqual(run.roster.version, before + (changes.length > 0 ? 1 : 0));
            mustEqual(withoutSelfTs(replayed.values()), withoutSelfTs(run.views()));
          }
        }),
        runs,
      );
    },
  );

  it('[PF1] [PK1] [PT3] [PW6] lists at most maxEntries strict entries, newest first, no key twice', () => {
    fc.assert(
      fc.property(situations, ({ steps, ...bounds }) => {
        const run = new Run(bounds);
        for (const step of steps) {
          run.step(step);
          const views = run.views();
          const hasSelf = views[0]?.self === true;
          const others = hasSelf ? views.slice(1) : views;
          mustEqual(run.roster.size, views.length);
          mustEqual(others.length <= Math.max(0, bounds.maxEntries - (hasSelf ? 1 : 0)), true);
          mustEqual(new Set(views.map(({ key }) => key)).size, views.length);
          mustEqual(
            others,
            others.toSorted((a, b) => b.ts - a.ts),
          );
          for (const view of views) {
            mustEqual(presenceKey(view.key), view.key);
            if (!strictEntry.Check(entryOf(view))) {
              expect([...strictEntry.Errors(entryOf(view))], JSON.stringify(view)).toEqual([]);
            }
          }
        }
      }),
      runs,
    );
  });

  it('[PR2] keeps the own row first, fresh and as the gateway wrote it', () => {
    fc.assert(
      fc.property(situations, ({ steps, ...bounds }) => {
        const run = new Run({ ...bounds, hasSelf: true });
        let version = selfFacts.version;
        for (const step of steps) {
          run.step(step);
          if (step.do === 'set-self') version = step.facts.version;
          const [self, ...others] = run.views();
          mustEqual(self && { ...entryOf(self), instanceId: presenceKey(self.instanceId) }, {
            ...selfFacts,
            ts: run.clock.wallMs,
            instanceId: 'gw',
            version,
            mode: 'gateway',
            reason: 'self',
            text: `Gateway: gate (10.0.0.9) · app ${version} · mode gateway · reason self`,
          });
          for (const { mode, reason } of others) {
            mustEqual(presenceKey(mode) === 'gateway' && presenceKey(reason) === 'self', false);
          }
        }
      }),
      runs,
    );
  });

  it('[PT4] keeps, drops and orders the same rows, however the wall clock is set', () => {
    fc.assert(
      fc.property(situations, ({ steps, ...bounds }) => {
        const jumping = new Run(bounds);
        const steady = new Run(bounds);
        for (const step of steps) {
          jumping.step(step);
          if (step.do !== 'set-wall-clock') steady.step(step);
          mustEqual(keysOf(jumping).toSorted(), keysOf(steady).toSorted());
        }
        // A set clock is published at once, and renewals with it: publish those of the other one, too.
        for (const run of [jumping, steady]) run.step({ do: 'publish-renewals' });
        mustEqual(keysOf(jumping), keysOf(steady));
        mustEqual(jumping.views().map(inputOf), steady.views().map(inputOf));
      }),
      runs,
    );
  });

  it('[PK7] does not depend on which connection brings a beacon that names its row', () => {
    fc.assert(
      fc.property(
        situations,
        fc.constantFrom('c1', 'c3', 'gone', undefined),
        ({ steps, ...bounds }, sender) => {
          const original = new Run(bounds);
          const other = new Run(bounds);
          for (const step of steps) {
            original.step(step);
            other.step(sentBy(step, sender));
            mustEqual(other.views(), original.views());
          }
        },
      ),
      runs,
    );
  });

  it('[PT2] reading changes nothing', () => {
    fc.assert(
      fc.property(situations, fc.nat({ max: 400_000 }), ({ steps, ...bounds }, laterMs) => {
        const read = new Run(bounds);
        const unread = new Run(bounds);
        for (const step of steps) {
          mustEqual(read.step(step), unread.step(step));
          const now = { monoMs: read.clock.monoMs + laterMs, wallMs: read.clock.wallMs - laterMs };
          for (const { key } of [...read.roster.views(now)]) read.roster.view(key, now);
          if (step.do === 'beacon') read.roster.target(step.update);
          read.roster.keyOf('c1');
          read.roster.nextExpiryMonoMs(now);
        }
        mustEqual(read.views(), unread.views());
        mustEqual(read.roster.version, unread.roster.version);
      }),
      runs,
    );
  });

  it('[PA5] target names the row that the beacon then writes', () => {
    fc.assert(
      fc.property(situations, ({ steps, hasSelf }) => {
        const run = new Run({ maxEntries: 100, hasSelf });
        for (const step of steps) {
          const target = step.do === 'beacon' ? run.roster.target(step.update) : undefined;
          const result = run.step(step);
          if (target === undefined || result === 'skipped') continue;
          if ('refusal' in target || result === 'refused')
            mustEqual('refusal' in target, result === 'refused');
          else if (result.length > 0) mustEqual(result.at(-1)?.key, target.key);
        }
      }),
      runs,
    );
  });
});

function keysOf(run: Run): string[] {
  return run.views().map(({ key }) => key);
}

function inputOf({ lastInputSeconds }: InstanceView): number | undefined {
  return lastInputSeconds;
}

/** The same beacon from another connection; one that names no row is about its sender and stays as it is. */
function sentBy(step: Step, sender: string | undefined): Step {
  if (step.do !== 'beacon') return step;
  const { connectionId: _, ...update } = step.update;
  const { instanceId, deviceId, host } = update.facts;
  if ((instanceId ?? deviceId ?? host) === undefined) return step;
  return { do: 'beacon', update: sender === undefined ? update : { ...update, connectionId: sender } };
}
