import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import { type Change, createRoster, type Logger, type Roster, silentLogger } from '../../core/index.ts';
import type { JournalRules } from './journal.ts';
import { publicEntry } from './journal-entry.ts';
import {
  JournalFile,
  JournalFileError,
  type JournalFileOptions,
  type OpenedJournal,
} from './journal-file.ts';

const rules: JournalRules = { maxEntries: 4_000, maxAgeMs: 1e9, flappingLeaves: 5, flappingMs: 600_000 };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-journal-'));
  file = join(folder, 'state', 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A roster whose changes go into a journal on the disk. */
class Run {
  readonly clock: ManualClock;
  readonly roster: Roster = createRoster({ maxEntries: 10_000 });
  readonly timers: ManualTimers;
  readonly logged: string[] = [];
  readonly opened: OpenedJournal;

  constructor(clock: ManualClock, options: Partial<JournalFileOptions> = {}) {
    this.clock = clock;
    this.timers = new ManualTimers(clock);
    const log = (level: string) => (_: object, message: string) =>
      void this.logged.push(`${level} ${message}`);
    const logger: Logger = { debug: () => {}, info: log('info'), warn: log('warn'), error: log('error') };
    this.roster.setSelf({ instanceId: 'gw', host: 'gate' }, clock.now());
    const { timers } = this;
    this.opened = JournalFile.open(
      { file, rules, newId: () => 'j1', timers, logger, ...options },
      clock.now(),
    );
    this.#append(this.opened.journal.start(this.roster.views(clock.now()), clock.now()));
  }

  beacon(instanceId: string): void {
    this.clock.advance(1_000);
    const outcome = this.roster.beacon({ facts: { instanceId, mode: 'node' } }, this.clock.now());
    if ('changes' in outcome) this.record(outcome.changes);
  }

  toggle(connectionId: string): void {
    const { clock, roster } = this;
    clock.advance(1_000);
    const facts = { instanceId: 'flapper' };
    const joined = roster.connect({ connectionId, facts, role: 'operator', scopes: [] }, clock.now());
    if ('changes' in joined) this.record(joined.changes);
    clock.advance(1_000);
    this.record(roster.disconnect(connectionId, clock.now(), { code: 'reset' }));
  }

  record(changes: readonly Change[]): void {
    this.#append(this.opened.journal.record(changes, this.clock.now()));
  }

  entries(): readonly string[] {
    return Array.from(this.opened.journal.after(0), publicEntry).map((entry) => JSON.stringify(entry));
  }

  #append(recorded: Parameters<JournalFile['append']>[0]): void {
    this.opened.file.append(recorded, this.clock.now());
  }
}

function silent(clock: ManualClock): Pick<JournalFileOptions, 'timers' | 'logger'> {
  return { timers: new ManualTimers(clock), logger: silentLogger };
}

const segments = (): readonly string[] => readdirSync(join(folder, 'state')).sort();

describe('JournalFile', () => {
  it('[PJ7] goes on after a restart: the same entries, the next id, the same journal', () => {
    const clock = new ManualClock();
    const first = new Run(clock);
    first.beacon('a');
    for (let count = 0; count < 8; count += 1) first.toggle('c');
    const before = first.entries();
    expect(before.at(-1)).toContain('"count":8');
    const second = new Run(clock, { newId: () => 'other' });
    expect(second.opened).toMatchObject({ id: 'j1', isOld: true });
    expect(second.entries().slice(0, before.length)).toEqual(before);
    expect(second.entries()[before.length]).toContain('gateway-started');
    expect(second.opened.journal.lastId).toBeGreaterThan(before.length);
    expect(second.opened.journal.at(clock.wallMs - 1)).toEqual(first.opened.journal.at(clock.wallMs - 1));
  });

  it('[PJ7] only its owner can read it', () => {
    new Run(new ManualClock());
    expect(segments()).toEqual(['journal.1']);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
  });

  it('[PJ7] drops a torn last line', () => {
    const clock = new ManualClock();
    const run = new Run(clock);
    for (const name of ['a', 'b', 'c']) run.beacon(name);
    const text = readFileSync(`${file}.1`, 'utf8');
    for (const cut of [1, 2, 20, 60]) {
      writeFileSync(`${file}.1`, text.slice(0, -cut));
      const next = new Run(clock);
      expect(next.logged).toEqual(['warn lines of the journal were not readable']);
      expect(next.entries().slice(0, 3)).toEqual(run.entries().slice(0, 3));
      expect(next.entries()[3]).toContain('gateway-started');
      rmSync(`${file}.2`, { force: true });
    }
  });

  it('[PJ7] its size is bounded: segments whose entries were dropped are deleted', () => {
    const clock = new ManualClock();
    const run = new Run(clock);
    for (let count = 0; count < 20_000; count += 1) run.beacon(`i${count}`);
    expect(run.opened.journal.size).toBe(4_000);
    expect(segments().length).toBeLessThanOrEqual(6);
    const bytes = segments().reduce((sum, name) => sum + statSync(join(folder, 'state', name)).size, 0);
    expect(bytes).toBeLessThan(12_000_000);
    const { timers, logger } = silent(clock);
    const { journal } = JournalFile.open({ file, rules, newId: () => '', timers, logger }, clock.now());
    expect(journal.size).toBe(4_000);
    expect(segments()).toHaveLength(1);
    expect(journal.at(clock.wallMs)?.size).toBe(run.roster.size);
    expect(journal.at(journal.knownSinceMs)?.size).toBe(run.roster.size);
  });

  it('[PJ7] a full disk is logged once, the journal goes on in memory, and is written when there is room', () => {
    const clock = new ManualClock();
    let isFull = false;
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const run = new Run(clock, {
      write: (handle, bytes, offset) => {
        if (!isFull) return writeFileSync(handle, bytes.subarray(offset)) ?? bytes.length - offset;
        writeFileSync(handle, bytes.subarray(offset, offset + 5));
        throw full;
      },
    });
    run.beacon('a');
    isFull = true;
    for (let count = 0; count < 100; count += 1) run.beacon(`full-${count}`);
    expect(run.logged).toEqual(['error the journal cannot be written and goes on in memory']);
    expect(run.opened.journal.size).toBe(102);
    isFull = false;
    clock.advance(60_000);
    run.beacon('b');
    expect(run.logged.at(-1)).toBe('info the journal is written again');
    run.beacon('c');
    expect(new Run(clock).entries().slice(0, 104)).toEqual(run.entries());
  });

  it('[PJ7] a folder that cannot be used is refused at start, with what to do', () => {
    writeFileSync(join(folder, 'state'), '');
    expect(() => new Run(new ManualClock())).toThrow(JournalFileError);
    expect(() => new Run(new ManualClock())).toThrow(/journalFile .*name a file in a folder/);
  });
});
