import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { createRoster, type Roster } from '../../core/index.ts';
import { Journal } from './journal.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** A fleet whose instances come and go, and a journal without damping, so that every change is an entry. */
class Fleet {
  readonly clock = new ManualClock();
  journal: Journal | undefined = new Journal(
    { maxEntries: 10_000, maxAgeMs: 7 * 86_400_000, flappingLeaves: 1_000_000, flappingMs: 1 },
    { sinceMs: this.clock.wallMs },
  );
  readonly #roster: Roster = createRoster();
  #count = 0;

  /** Lets `count` changes happen, 20 ms apart. */
  run(count: number): void {
    for (let change = 0; change < count; change += 2) {
      const instance = this.#count % 150;
      const connectionId = `c${this.#count}`;
      this.#count += 1;
      const facts = {
        instanceId: `instance-${instance}`,
        host: `machine-${instance}.example.org`,
        mode: 'node',
      };
      this.clock.advance(40);
      const joined = this.#roster.connect(
        { connectionId, facts, role: 'node', scopes: [] },
        this.clock.now(),
      );
      if ('changes' in joined) this.journal?.record(joined.changes, this.clock.now());
      const cause = { code: 'closed', evidence: `code ${1000 + (instance % 2)}` } as const;
      this.journal?.record(this.#roster.disconnect(connectionId, this.clock.now(), cause), this.clock.now());
    }
  }
}

describe('what the journal costs', () => {
  it('[PJ5] 100 000 changes: the memory stays at its bound, about 200 bytes an entry', () => {
    const fleet = new Fleet();
    fleet.run(40_000);
    const early = usedBytes();
    fleet.run(60_000);
    const late = usedBytes();
    expect(fleet.journal?.size).toBe(10_000);
    expect(Math.abs(late - early)).toBeLessThan(400_000);
    fleet.journal = undefined;
    expect((late - usedBytes()) / 10_000).toBeLessThan(230);
  });
});
