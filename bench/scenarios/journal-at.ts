import type { Change, Instant, PresenceReader } from 'rollcall/core';
import { silentLogger } from 'rollcall/core';
import type { JournalEntry, JournalSink } from '../../src/sinks/index.js';
import type { Figures } from '../job.ts';
import { builtModules, cpuMicrosOf } from '../load/built-modules.ts';
import { clientFacts } from '../load/facts.ts';
import type { Run, Scenario } from './scenario.ts';

const ROWS = 200;
const START_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

/** A reader of the past. */
interface Past {
  lastHour(): number;
  /** Rows at a moment. */
  at(atMs: number): number;
}

/** What reading the journal costs. */
export const journalAt: Scenario = {
  name: 'journal-at',
  title: 'Asking for the past',
  about:
    'In one process, no wire: 200 instances came and went over two hours, the given number of entries. Asked for are the entries ' +
    'of the last hour and the rows at moments all over the two hours. The plain reader keeps an array, filters it, and applies it ' +
    'from its beginning.',
  sizeUnit: 'entries',
  sizes: [1_000, 10_000],
  quickSizes: [1_000],
  contenders: ['journal-plain', 'journal'],
  baseline: 'journal-plain',
  metrics: [
    { key: 'hourMs', label: 'last hour', unit: 'ms', better: 'less' },
    { key: 'atMs', label: 'list at a moment', unit: 'ms', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Figures> {
  const queries = quick ? 20 : 300;
  const made = await madeJournal(size);
  const past = contender.id === 'journal' ? ourPast(made.sink) : plainPast(made);
  const expected = ourPast(made.sink);
  const moment = (query: number): number => START_MS + 60_000 + ((query * 7_919) % 7_000) * 1_000;
  for (let query = 0; query < 20; query += 1) {
    const atMs = moment(query);
    if (past.at(atMs) !== expected.at(atMs) || past.lastHour() !== expected.lastHour())
      throw new Error(`the past at ${atMs} differs`);
  }
  const micros = (ask: (query: number) => void): number =>
    cpuMicrosOf(() => {
      for (let query = 0; query < queries; query += 1) ask(query);
    }) / queries;
  return {
    hourMs: micros(() => past.lastHour()) / 1_000,
    atMs: micros((query) => past.at(moment(query))) / 1_000,
  };
}

interface Made {
  readonly sink: JournalSink;
  readonly entries: readonly JournalEntry[];
}

/** A journal of so many entries, spread over two hours. */
async function madeJournal(size: number): Promise<Made> {
  const { sinks } = await builtModules();
  let nowMs = START_MS;
  const now = (): Instant => ({ monoMs: nowMs, wallMs: nowMs });
  let publish: (changes: readonly Change[]) => void = () => undefined;
  const reader: PresenceReader = {
    ...{
      epoch: 'bench',
      size: 0,
      maxEntries: ROWS,
      evictions: 0,
      version: 0,
      now,
      get: () => undefined,
      list: () => [],
    },
    subscribe: (listener) => {
      publish = listener;
      return () => undefined;
    },
  };
  const sink = new sinks.JournalSink({
    ...{ journalEntries: size, journalMs: Number.MAX_SAFE_INTEGER, logger: silentLogger },
    timers: { after: () => () => undefined, soon: () => undefined },
  });
  sink.start(reader);
  for (let count = 0; count < size; count += 1) {
    nowMs = START_MS + Math.floor((count * 2 * HOUR_MS) / size);
    publish([cameOrWent(count, nowMs)]);
  }
  nowMs = START_MS + 2 * HOUR_MS;
  const { entries } = sink.query({ limit: size });
  if (entries.length !== size) throw new Error(`${entries.length} entries instead of ${size}`);
  return { sink, entries };
}

/** Instances connect and disconnect in turn, a few minutes apart. */
function cameOrWent(count: number, nowMs: number): Change {
  const facts = clientFacts(count % ROWS);
  const key = facts.instanceId;
  const isHere = Math.floor(count / ROWS) % 2 === 0;
  const known = { ...facts, key, firstSeenAtMs: START_MS, ts: nowMs, sources: {} };
  const view = isHere ? { ...known, connections: 1 } : { ...known, connections: 0, disconnectedAtMs: nowMs };
  const cause = isHere
    ? ({ code: 'connected' } as const)
    : ({ code: 'closed', evidence: 'code 1000' } as const);
  return { kind: 'upsert', key, view, trigger: isHere ? 'connect' : 'disconnect', cause, version: count + 1 };
}

function ourPast(sink: JournalSink): Past {
  return {
    lastHour: () => sink.query({ sinceMs: START_MS + HOUR_MS, limit: 10_000 }).entries.length,
    at: (atMs) => sink.at(atMs)?.length ?? 0,
  };
}

/** The plain implementation. */
function plainPast({ entries }: Made): Past {
  return {
    lastHour: () =>
      entries.filter(({ at }) => at >= START_MS + HOUR_MS).map((entry) => ({ ...entry })).length,
    at: (atMs) => {
      const rows = new Map<string, object>();
      for (const entry of entries) {
        if (entry.at > atMs) break;
        rows.set(entry.key, { ...rows.get(entry.key), ...entry });
      }
      return [...rows.values()].length;
    },
  };
}
