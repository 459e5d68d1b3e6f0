import {
  type Change,
  type Contribution,
  type Facts,
  type InstanceView,
  memberIdOf,
  PresenceRoster,
  type RosterOptions,
} from '../../src/core/index.ts';
import { ManualClock } from './manual-clock.ts';
import { accepted } from './roster-fixture.ts';

/** One gateway of a {@link ClusterModel}. */
export interface ModelGateway {
  readonly id: string;
  readonly clock: ManualClock;
  readonly roster: PresenceRoster;
  /** Rows of its viewers, made from changes alone (PE3). */
  readonly seen: Map<string, InstanceView>;
  /** Contributions of others that are under way to it. */
  inbox: Contribution[];
}

/** Gateways of one cluster in one process; the test delivers, repeats and drops their contributions. */
export class ClusterModel {
  readonly gateways: readonly ModelGateway[];

  /** @param skewsMs how far the wall clock of each gateway is off; one gateway per number. */
  constructor(skewsMs: readonly number[], options: RosterOptions = {}) {
    this.gateways = skewsMs.map((skewMs, index) => newGateway(`gateway-${index}`, skewMs, options));
  }

  at(index: number): ModelGateway {
    const gateway = this.gateways[index % this.gateways.length];
    if (gateway === undefined) throw new TypeError('a cluster has at least one gateway');
    return gateway;
  }

  connect(index: number, connectionId: string, facts: Facts, scopes: readonly string[] = []): void {
    const { roster, clock } = this.at(index);
    this.apply(
      index,
      accepted(roster.connect({ connectionId, facts, role: 'operator', scopes }, clock.now())),
    );
  }

  disconnect(index: number, connectionId: string): void {
    const { roster, clock } = this.at(index);
    this.apply(index, roster.disconnect(connectionId, clock.now()));
  }

  beacon(index: number, facts: Facts): void {
    const { roster, clock } = this.at(index);
    this.apply(index, accepted(roster.beacon({ facts }, clock.now())));
  }

  renew(index: number, connectionId: string, rttMs = 1): void {
    const { roster, clock } = this.at(index);
    this.apply(index, roster.renew(connectionId, rttMs, clock.now()));
    this.apply(index, roster.publishRenewals(clock.now()));
  }

  /** Lets time pass everywhere and sweeps. */
  wait(ms: number): void {
    for (const [index, { roster, clock }] of this.gateways.entries()) {
      this.apply(index, roster.sweep(clock.advance(ms)));
    }
  }

  /** Takes the new contributions of every gateway and queues them for all others. */
  publish(): void {
    for (const from of this.gateways) {
      const contributions = travelled(from.roster.takeContributions());
      for (const to of this.gateways) if (to !== from) to.inbox.push(...contributions);
    }
  }

  /** Delivers to every gateway the new contributions of the others, and all that are queued for it. */
  exchange(): void {
    this.publish();
    for (const [index, to] of this.gateways.entries()) this.deliver(index, to.inbox.splice(0));
  }

  /** Delivers contributions to a gateway, in the order given. */
  deliver(index: number, contributions: readonly Contribution[]): void {
    const { roster, clock } = this.at(index);
    this.apply(index, roster.receive(contributions, clock.now()));
  }

  /** Sends everything of every gateway to all others, until nothing changes: what an engine does after a loss. */
  resync(): void {
    for (let round = 0; round < 4; round++) {
      for (const from of this.gateways) {
        from.roster.takeContributions();
        const { latestStamp } = from.roster;
        const all = travelled(from.roster.everything());
        const { memberId } = from.roster;
        const own = all.filter((contribution) => contribution.memberId === memberId);
        for (const [index, to] of this.gateways.entries()) {
          if (to === from) continue;
          this.deliver(index, [...to.inbox.splice(0), ...all]);
          this.apply(index, to.roster.receiveAll(memberId, own, latestStamp, to.clock.now()));
        }
      }
      this.exchange();
    }
  }

  /** Rows of clients as a gateway lists them: what must be the same everywhere. */
  clients(index: number): readonly InstanceView[] {
    const { roster, clock } = this.at(index);
    return [...roster.views(clock.now())].filter(({ mode }) => mode !== 'gateway');
  }

  /** Sends changes to the viewers of a gateway. */
  apply(index: number, changes: readonly Change[]): void {
    const { seen } = this.at(index);
    for (const change of changes) {
      if (change.kind === 'remove') seen.delete(change.key);
      else seen.set(change.key, change.view);
    }
  }
}

function newGateway(id: string, skewMs: number, options: RosterOptions): ModelGateway {
  const clock = new ManualClock({ wallMs: Date.UTC(2026, 0, 1) + skewMs });
  const roster = new PresenceRoster({ ...options, memberId: memberIdOf(id, 'run') });
  const seen = new Map<string, InstanceView>();
  const facts = { instanceId: id, host: id, mode: 'gateway', reason: 'self' };
  for (const change of roster.setSelf(facts, clock.now())) {
    if (change.kind === 'upsert') seen.set(change.key, change.view);
  }
  return { id, clock, roster, seen, inbox: [] };
}

/** A value after a round trip through JSON. */
function travelled(contributions: readonly Contribution[]): Contribution[] {
  return JSON.parse(JSON.stringify(contributions)) as Contribution[];
}
