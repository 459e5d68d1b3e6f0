import {
  type BeaconUpdate,
  type Change,
  type ConnectUpdate,
  createRoster,
  type Facts,
  type InstanceView,
  type Outcome,
  type Roster,
  type RosterOptions,
} from '../../src/core/index.ts';
import { ManualClock } from './manual-clock.ts';

/** A roster with a manual clock, and shorthand methods for tests. */
export interface RosterFixture {
  readonly clock: ManualClock;
  readonly roster: Roster;
  /** Connects with role `operator`, no scopes and the given facts, unless `rest` replaces them. */
  connect(connectionId: string, facts?: Facts, rest?: Partial<ConnectUpdate>): readonly Change[];
  disconnect(connectionId: string): readonly Change[];
  beacon(facts: Facts, rest?: Partial<BeaconUpdate>): readonly Change[];
  /** Lets time pass and sweeps at the end of it. */
  wait(ms: number): readonly Change[];
  /** The listed row of a key; throws when there is none. */
  view(key: string): InstanceView;
  keys(): string[];
}

/** Makes an empty roster and its clock. */
export function createRosterFixture(options?: RosterOptions): RosterFixture {
  const clock = new ManualClock();
  const roster = createRoster(options);
  return {
    clock,
    roster,
    connect: (connectionId, facts = {}, rest = {}) =>
      accepted(roster.connect({ connectionId, facts, role: 'operator', scopes: [], ...rest }, clock.now())),
    disconnect: (connectionId) => roster.disconnect(connectionId, clock.now()),
    beacon: (facts, rest = {}) => accepted(roster.beacon({ facts, ...rest }, clock.now())),
    wait: (ms) => roster.sweep(clock.advance(ms)),
    view(key) {
      const view = roster.view(key, clock.now());
      if (view === undefined) throw new Error(`no row ${key} among ${this.keys().join(', ')}`);
      return view;
    },
    keys: () => Array.from(roster.views(clock.now()), ({ key }) => key),
  };
}

/** The changes of an outcome; throws when the update was refused. */
export function accepted(outcome: Outcome): readonly Change[] {
  if ('refusal' in outcome) throw new Error(`refused: ${outcome.refusal.message}`);
  return outcome.changes;
}

/** Changes in short: kind, key and trigger. */
export function summarize(changes: readonly Change[]): string[] {
  return changes.map(({ kind, key, trigger }) => `${kind} ${key} ${trigger}`);
}
