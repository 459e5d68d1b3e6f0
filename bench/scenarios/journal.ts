import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Change, createRoster, type Instant, type PresenceReader, silentLogger } from 'rollcall/core';
import type { Figures } from '../job.ts';
import { builtModules, cpuMicrosOf } from '../load/built-modules.ts';
import { type ClientFacts, clientFacts } from '../load/facts.ts';
import type { Run, Scenario } from './scenario.ts';

const STRIDE = 7_919;
/** Facts that are made at a time; making them is not timed. */
const BATCH = 1_000;
/** Between two changes: no instance leaves so often that its departures are damped. */
const STEP_MS = 2_000;
const ENTRIES = 10_000;
const START_MS = 1_800_000_000_000;

/** Cost of the journal for the gateway. */
export const journal: Scenario = {
  name: 'journal',
  title: 'A change with and without the journal',
  about:
    'In one process, no wire: instances connect and disconnect in turns, each of which is an entry. The roster alone, with the ' +
    'journal in memory, and with the journal in a file, which every change is written to before the next one.',
  sizeUnit: 'rows',
  sizes: [200, 10_000],
  quickSizes: [200],
  contenders: ['journal-off', 'journal', 'journal-file'],
  baseline: 'journal-off',
  metrics: [{ key: 'microsPerChange', label: 'CPU per change', unit: 'µs', better: 'less' }],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    const fleet = new Fleet(size);
    const sink = await sinkOf(contender.id, folder);
    sink?.start(fleet.reader);
    const changes = quick ? BATCH : 100_000;
    fleet.run(Math.max(changes / 2, 2 * size));
    const micros = fleet.run(changes);
    const wanted = Math.min(ENTRIES, fleet.changes);
    if (sink !== undefined && Math.abs(sink.size - wanted) > 1)
      throw new Error(`the journal has ${sink.size} entries instead of ${wanted}`);
    await sink?.close();
    return { microsPerChange: micros / changes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function sinkOf(id: string, folder: string) {
  if (id === 'journal-off') return undefined;
  const { sinks } = await builtModules();
  return new sinks.JournalSink({
    ...{ journalEntries: ENTRIES, journalMs: Number.MAX_SAFE_INTEGER, logger: silentLogger },
    timers: { after: () => () => undefined, soon: () => undefined },
    journalFile: id === 'journal-file' ? join(folder, 'journal') : undefined,
  });
}

/** Instances that come and go, two seconds apart. */
class Fleet {
  readonly reader: PresenceReader;
  changes = 0;
  readonly #size: number;
  readonly #roster: ReturnType<typeof createRoster>;
  #nowMs = START_MS;
  #publish: (changes: readonly Change[]) => void = () => undefined;

  constructor(size: number) {
    this.#size = size;
    this.#roster = createRoster({ maxEntries: size + 1, ttlMs: Number.MAX_SAFE_INTEGER });
    this.reader = {
      epoch: 'bench',
      ...{ size: 0, maxEntries: size, evictions: 0 },
      version: 0,
      now: () => this.#now(),
      get: (key) => this.#roster.view(key, this.#now()),
      list: () => this.#roster.views(this.#now()),
      subscribe: (listener) => {
        this.#publish = listener;
        return () => undefined;
      },
    };
  }

  /** CPU microseconds of so many changes. */
  run(changes: number): number {
    let micros = 0;
    for (let from = 0; from < changes; from += BATCH) {
      const first = this.changes;
      const facts = Array.from({ length: BATCH }, (_, offset) => clientFacts(this.#indexOf(first + offset)));
      micros += cpuMicrosOf(() => {
        for (const one of facts) this.#step(one);
      });
    }
    return micros;
  }

  /** All instances connect, then all disconnect, in strides. */
  #indexOf(change: number): number {
    return (change * STRIDE) % this.#size;
  }

  #step(facts: ClientFacts): void {
    const isArrival = Math.floor(this.changes / this.#size) % 2 === 0;
    this.changes += 1;
    this.#nowMs += STEP_MS;
    const now = this.#now();
    const connectionId = facts.instanceId;
    if (!isArrival) {
      this.#publish(this.#roster.disconnect(connectionId, now, { code: 'closed', evidence: 'code 1000' }));
      return;
    }
    const outcome = this.#roster.connect({ connectionId, facts, role: 'operator', scopes: [] }, now);
    if (!('changes' in outcome)) throw new Error('an instance was refused');
    this.#publish(outcome.changes);
  }

  #now(): Instant {
    return { monoMs: this.#nowMs, wallMs: this.#nowMs };
  }
}
