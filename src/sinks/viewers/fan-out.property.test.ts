import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GatewayFixture, gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import type { PairClient } from '../../../test/harness/pair-client.ts';
import { byKey, PresenceWatcher, withoutSelf } from '../../../test/harness/presence-watcher.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { PresenceEntry } from '../../core/index.ts';
import type { PresenceListResult } from '../../protocol/index.ts';

type Step =
  | { readonly do: 'beacon'; readonly name: string; readonly reason: string }
  | { readonly do: 'join' | 'leave' | 'behind' | 'drain' | 'choke'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'end-turn' };

const beaconStep = fc.record({
  do: fc.constant('beacon' as const),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  reason: fc.constantFrom('launch', 'periodic', 'x'),
});

const watcherStep = fc.record({
  do: fc.constantFrom('join', 'join', 'leave', 'behind', 'drain', 'choke'),
  who: fc.nat({ max: 3 }),
});

const waitStep = fc.constantFrom(1, 30, 400, 25_000, 61_000, 300_001).map((ms): Step => ({ do: 'wait', ms }));

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: beaconStep },
    { weight: 5, arbitrary: watcherStep },
    { weight: 4, arbitrary: fc.constant<Step>({ do: 'end-turn' }) },
    { weight: 3, arbitrary: waitStep },
  ),
  { maxLength: 60 },
);

/** Long enough for the nightly number of runs. */
const timeout = 1_800_000;

/** What sending one event costs, milliseconds: with 0 the gateway is always idle, with more it coalesces. */
const costs = fc.constantFrom(0, 0, 3, 400);

/** A gateway, a hidden writer and up to four watchers, the even ones of lists, the odd ones of deltas. */
class Play {
  readonly fixture: GatewayFixture = gatewayFixture({ maxEntries: 6, maxBufferedBytes: 10_000 });
  readonly writer: PairClient = this.fixture.connect({
    client: { mode: 'cli' },
    scopes: ['operator.admin'],
  });
  readonly watchers = new Map<number, PresenceWatcher>();
  #costMs: number;

  constructor(costMs: number) {
    this.#costMs = costMs;
  }

  carryOut(step: Step): void {
    switch (step.do) {
      case 'beacon':
        return void this.writer.call('system-event', {
          text: 'x',
          instanceId: step.name,
          reason: step.reason,
        });
      case 'wait':
        return this.fixture.timers.advance(step.ms);
      case 'end-turn':
        return this.fixture.timers.runSoon();
      case 'join':
        return this.#join(step.who);
      default:
        return this.#disturb(step.do, step.who);
    }
  }

  /** Takes in what was sent; who was closed for being slow is gone. */
  hear(): void {
    for (const [who, watcher] of this.watchers) {
      watcher.hear();
      if (!watcher.client.transport.isOpen) this.#leave(who);
    }
  }

  /**
   * Everybody reads on, and everything that waits is sent. Sending costs nothing meanwhile: a flush that took the whole second
   * would leave the change of a row that expired during it to a flush after the second.
   */
  settle(): void {
    const costMs = this.#costMs;
    this.#costMs = 0;
    for (const watcher of this.watchers.values()) watcher.client.drain();
    this.fixture.timers.advance(1_000);
    this.hear();
    this.#costMs = costMs;
  }

  #join(who: number): void {
    if (this.watchers.has(who)) return;
    const client = this.fixture.open();
    const watcher = new PresenceWatcher(client, who % 2 === 0 ? 'list' : 'delta', `viewer-${who}`);
    client.transport.onSend = () => void this.fixture.clock.advance(this.#costMs);
    this.watchers.set(who, watcher);
  }

  #disturb(what: 'leave' | 'behind' | 'drain' | 'choke', who: number): void {
    const client = this.watchers.get(who)?.client;
    if (client === undefined) return;
    if (what === 'leave') this.#leave(who);
    if (what === 'behind') client.transport.isBehind = true;
    if (what === 'drain') client.drain();
    if (what === 'choke') client.transport.bufferedBytes = 10_001;
  }

  #leave(who: number): void {
    this.watchers.get(who)?.client.close();
    this.watchers.delete(who);
  }
}

/** A row expires while a slow flush is under way, and the flush that says so waits for its turn. */
const expiryInSlowPass: [Step[], number][] = [
  [
    [
      { do: 'join', who: 0 },
      { do: 'wait', ms: 1 },
      { do: 'beacon', name: 'a', reason: 'launch' },
      { do: 'wait', ms: 300_001 },
      { do: 'join', who: 3 },
    ],
    400,
  ],
  [
    [
      { do: 'join', who: 0 },
      { do: 'join', who: 1 },
      { do: 'beacon', name: 'a', reason: 'launch' },
      { do: 'wait', ms: 300_001 },
      { do: 'beacon', name: 'c', reason: 'launch' },
    ],
    400,
  ],
];

/** Plays steps and calls `check` for every watcher, in the middle and at the end, once everything is sent. */
function play(
  all: readonly Step[],
  costMs: number,
  check: (watcher: PresenceWatcher, play: Play) => void,
): void {
  const game = new Play(costMs);
  const half = Math.trunc(all.length / 2);
  for (const part of [all.slice(0, half), all.slice(half)]) {
    for (const step of part) {
      game.carryOut(step);
      game.hear();
    }
    game.settle();
    for (const watcher of game.watchers.values()) check(watcher, game);
  }
}

describe('what viewers are sent, whatever happens', () => {
  it('[PW7] [PL2] seq has no gap, versions increase, and the last list shows the final state', {
    timeout,
  }, () => {
    fc.assert(
      fc.property(steps, costs, (all, costMs) => {
        play(all, costMs, (watcher, { writer }) => {
          if (watcher.kind !== 'list') return;
          const now = writer.call<PresenceEntry[]>('system-presence');
          expect(watcher.entries).toEqual(withoutSelf(now));
        });
      }),
      { numRuns: propertyRuns(), examples: expiryInSlowPass },
    );
  });

  it('[PE3] [PE2] snapshot and deltas are presence.list', { timeout }, () => {
    fc.assert(
      fc.property(steps, costs, (all, costMs) => {
        play(all, costMs, (watcher, { writer }) => {
          if (watcher.kind !== 'delta') return;
          const now = writer.call<PresenceListResult>('presence.list');
          expect(watcher.version).toBe(now.version);
          expect(watcher.rows).toEqual(byKey(now.instances));
        });
      }),
      { numRuns: propertyRuns(), examples: expiryInSlowPass },
    );
  });

  it('[PE3] an idle gateway: snapshot and deltas are presence.list at every version', { timeout }, () => {
    fc.assert(
      fc.property(steps, (all) => {
        const game = new Play(0);
        for (const step of all) {
          game.carryOut(step);
          game.fixture.timers.runSoon();
          game.hear();
          const now = game.writer.call<PresenceListResult>('presence.list');
          for (const watcher of game.watchers.values()) {
            if (watcher.kind === 'list' || watcher.client.transport.isBehind) continue;
            expect([watcher.version, watcher.rows]).toEqual([now.version, byKey(now.instances)]);
          }
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
