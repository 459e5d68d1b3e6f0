import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import { anyStep, runStep, type Step, selfFacts } from '../../../test/harness/roster-steps.ts';
import { type Change, createRoster, type InstanceView } from '../../core/index.ts';
import { Journal, type JournalRules } from './journal.ts';
import type { RowState } from './journal-entry.ts';
import { LineReader, LineWriter, type SegmentHead } from './journal-lines.ts';
import { rowParts } from './journal-row.ts';
import type { PastRow } from './past-rows.ts';

/** What the journal keeps of a row, worked out from the list. */
type Shown = Readonly<Record<string, unknown>>;

function shown(view: InstanceView): Shown {
  const facts = rowParts.map((part) => [part, view[part]] as const);
  return defined({ ...Object.fromEntries(facts), key: view.key, state: stateOf(view) });
}

function shownPast({ key, row, state }: PastRow): Shown {
  return defined({ ...row, key, state });
}

function stateOf(view: InstanceView): RowState {
  if (view.self === true || view.connections > 0) return 'online';
  return view.disconnectedAtMs === undefined ? 'reporting' : 'disconnected';
}

function defined(row: Readonly<Record<string, unknown>>): Shown {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

const byKey = (rows: readonly Shown[]): readonly Shown[] =>
  [...rows].sort((a, b) => String(a['key']).localeCompare(String(b['key'])));

const rules: JournalRules = {
  maxEntries: 10_000,
  maxAgeMs: 7 * 86_400_000,
  flappingLeaves: 3,
  flappingMs: 600_000,
};

interface Moment {
  readonly atMs: number;
  readonly rows: readonly Shown[];
}

/** Plays steps on a roster with a journal, and records the list after each of them. */
function play(
  steps: readonly Step[],
  journalRules: JournalRules,
): { journal: Journal; moments: readonly Moment[] } {
  const clock = new ManualClock();
  const roster = createRoster({ maxEntries: 5 });
  roster.setSelf(selfFacts, clock.now());
  const journal = new Journal(journalRules, { sinceMs: clock.wallMs });
  journal.start(roster.views(clock.now()), clock.now());
  const live = new Set<string>();
  const moments: Moment[] = [];
  for (const step of steps) {
    // One millisecond for each step: what happens in the same one has no order for those who ask by time.
    clock.advance(1);
    if (step.do === 'wait') clock.advance(step.ms);
    const result = runStep(step, roster, clock, live);
    if (typeof result !== 'string') journal.record(result as readonly Change[], clock.now());
    moments.push({ atMs: clock.wallMs, rows: byKey(Array.from(roster.views(clock.now()), shown)) });
  }
  return { journal, moments };
}

/** Clocks that are set make moments ambiguous; they have a test of their own. */
const steps = fc.array(
  anyStep.filter((step) => step.do !== 'set-wall-clock'),
  { maxLength: 120 },
);

const rowsAt = (journal: Journal, atMs: number): readonly Shown[] | undefined => {
  const rows = journal.at(atMs);
  return rows && byKey(Array.from(rows.values(), shownPast));
};

describe('the journal of any history', () => {
  it('[PJ4] [PJ6] gives the list of every moment', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { journal, moments } = play(all, rules);
        for (const { atMs, rows } of moments) expect(rowsAt(journal, atMs)).toEqual(rows);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PJ4] [PJ5] gives it for every moment since knownSinceMs, when it is small', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (all, maxEntries) => {
        const { journal, moments } = play(all, { ...rules, maxEntries });
        expect(journal.size).toBeLessThanOrEqual(maxEntries);
        for (const { atMs, rows } of moments) {
          const known = rowsAt(journal, atMs);
          if (atMs >= journal.knownSinceMs) expect(known).toEqual(rows);
          else expect(known).toBeUndefined();
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PJ4] [PJ7] is the same after its entries and steps went through a file', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 3, max: 40 }), (all, maxEntries) => {
        const { journal, moments } = play(all, { ...rules, maxEntries });
        const copy = restored(journal, { ...rules, maxEntries });
        expect(copy.lastId).toBe(journal.lastId);
        for (const { atMs } of moments) expect(rowsAt(copy, atMs)).toEqual(rowsAt(journal, atMs));
      }),
      { numRuns: propertyRuns() },
    );
  });
});

/** The journal after all its lines were written and read again. */
function restored(journal: Journal, journalRules: JournalRules): Journal {
  const writer = new LineWriter();
  const head: SegmentHead = {
    journal: 1,
    id: 'j',
    sinceMs: journal.knownSinceMs,
    lastId: journal.oldestId - 1,
    rows: [...journal.base.values()],
  };
  const lines = [`${JSON.stringify(head)}\n`];
  for (const entry of journal.after(0)) {
    lines.push(writer.entry(entry));
    for (const step of entry.extra?.flapping?.steps ?? []) lines.push(writer.step({ entry, step }));
  }
  const reader = new LineReader(journalRules);
  reader.read(lines.join(''));
  expect(reader.dropped).toBe(0);
  return reader.journal ?? expect.fail('no journal');
}

it('[PJ4] at= equals the recorded list at 1 000 random moments of a long history', () => {
  const [all] = fc.sample(
    fc.array(
      anyStep.filter((step) => step.do !== 'set-wall-clock'),
      { minLength: 3_000, maxLength: 3_000 },
    ),
    { numRuns: 1, seed: 16 },
  );
  const { journal, moments } = play(all ?? [], rules);
  const [first, last] = [moments[0]?.atMs ?? 0, moments.at(-1)?.atMs ?? 0];
  const asked = fc.sample(fc.integer({ min: first, max: last }), { numRuns: 1_000, seed: 17 });
  expect(moments.length).toBe(3_000);
  for (const atMs of asked) {
    const moment = moments.findLast((recorded) => recorded.atMs <= atMs);
    expect(rowsAt(journal, atMs)).toEqual(moment?.rows);
  }
});
