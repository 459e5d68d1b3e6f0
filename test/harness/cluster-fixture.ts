import {
  type Change,
  type Facts,
  type InstanceView,
  type Instant,
  memberIdOf,
  PresenceRoster,
  silentLogger,
} from '../../src/core/index.ts';
import { ClusterClock, ClusterMember, type Engine } from '../../src/sources/cluster/index.ts';
import { ManualClock } from './manual-clock.ts';
import { ManualTimers } from './manual-timers.ts';
import { accepted } from './roster-fixture.ts';

export const fixtureLeaseMs = 6_000;

/** A gateway of a {@link ClusterFixture}, with a viewer that applies its changes alone (PE3). */
export class FixtureGateway {
  readonly member: ClusterMember;
  readonly roster: PresenceRoster;
  readonly clock: ClusterClock;
  /** Every change that its viewers saw. */
  readonly changes: Change[] = [];
  readonly joined: Promise<unknown>;
  readonly #now: () => Instant;
  #onChange: (change: Change) => void;

  constructor(
    id: string,
    run: string,
    engine: Engine,
    parts: {
      readonly clock: ManualClock;
      readonly timers: ManualTimers;
      readonly onChange?: (change: Change) => void;
    },
  ) {
    this.clock = new ClusterClock(parts.clock);
    this.roster = new PresenceRoster({ memberId: memberIdOf(id, run) });
    this.#onChange = parts.onChange ?? (() => {});
    this.#now = () => this.clock.now();
    const facts = { instanceId: id, host: id, mode: 'gateway', reason: 'self' };
    this.member = new ClusterMember({
      engine,
      name: 'test',
      roster: this.roster,
      clock: this.clock,
      delay: parts.timers,
      replicate: (change) => this.#publish(change(this.#now())),
      renewSelf: () => this.#publish(this.roster.setSelf(facts, this.#now())),
      machine: { host: id, pid: 2 ** 30 },
      replicateMs: 100,
      leaseMs: fixtureLeaseMs,
      retainMs: 600_000,
      renewalMs: 60_000,
      logger: silentLogger,
    });
    this.joined = this.member.join(3_000);
  }

  connect(connectionId: string, facts: Facts): void {
    const update = { connectionId, facts, role: 'operator', scopes: [] };
    this.#publish(accepted(this.roster.connect(update, this.#now())));
  }

  disconnect(connectionId: string): void {
    this.#publish(this.roster.disconnect(connectionId, this.#now()));
  }

  beacon(facts: Facts): void {
    this.#publish(accepted(this.roster.beacon({ facts }, this.#now())));
  }

  /** Rows of clients, as it lists them. */
  clients(): readonly InstanceView[] {
    return [...this.roster.views(this.#now())].filter(({ mode }) => mode !== 'gateway');
  }

  #publish(changes: readonly Change[]): void {
    for (const change of changes) {
      this.changes.push(change);
      this.#onChange(change);
    }
    if (changes.length > 0) this.member.changed();
  }
}

/** A manual clock for gateways in one process. */
export class ClusterFixture {
  readonly clock = new ManualClock();
  readonly timers = new ManualTimers(this.clock);

  /** Lets time pass in steps, and promises settle in between. */
  async pass(ms: number, stepMs = 100): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await settled();
      this.timers.advance(stepMs);
    }
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}
