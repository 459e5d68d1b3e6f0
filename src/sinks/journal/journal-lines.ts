import type { JournalStep } from './entry-writer.ts';
import { Journal, type JournalRules } from './journal.ts';
import type { EntryExtra, FlappingSteps, StoredEntry } from './journal-entry.ts';
import type { JournalRow } from './journal-row.ts';
import type { PastRow } from './past-rows.ts';

/** The first line of a segment: the rows at its start, so that the segments before it may be missing. */
export interface SegmentHead {
  /** Version of the format. */
  readonly journal: 1;
  /** Random id of the journal; the same in all segments, and part of every cursor (PJ7). */
  readonly id: string;
  readonly sinceMs: number;
  /** Id of the entry before the first of the segment. */
  readonly lastId: number;
  readonly rows: readonly PastRow[];
  /** Nothing of the segments before this one is needed. */
  readonly whole?: true;
}

/** A line of an entry; `row` is left out when the line before it about this key had the same. */
type EntryLine = Omit<StoredEntry, 'id' | 'row' | 'extra'> &
  Omit<EntryExtra, 'flapping'> & {
    readonly entry: number;
    readonly row?: JournalRow;
    readonly flapping?: Omit<FlappingSteps, 'steps'>;
  };

/** A line of a step: `step` of the entry, and its count after it. */
interface StepLine {
  readonly of: number;
  readonly step: number;
  readonly count: number;
  readonly untilMs: number;
}

/** Writes lines of one segment. */
export class LineWriter {
  readonly #rows = new Map<string, JournalRow>();

  entry({ id, row, extra, ...entry }: StoredEntry): string {
    const isKnown = this.#rows.get(entry.key) === row;
    if (!isKnown) this.#rows.set(entry.key, row);
    const { flapping, ...rest } = extra ?? {};
    const { steps: _, ...counted } = flapping ?? { steps: [] };
    const line = {
      entry: id,
      ...entry,
      ...(isKnown ? {} : { row }),
      ...rest,
      ...(flapping && { flapping: counted }),
    };
    return `${JSON.stringify(line)}\n`;
  }

  step({ entry, step }: JournalStep): string {
    const { count = 0, untilMs = 0 } = entry.extra?.flapping ?? {};
    const line: StepLine = { of: entry.id, step, count, untilMs };
    return `${JSON.stringify(line)}\n`;
  }
}

/** Reads segments, oldest first, and builds the journal from them. */
export class LineReader {
  readonly #rules: JournalRules;
  #rows = new Map<string, JournalRow>();
  #journal: Journal | undefined;
  #id: string | undefined;
  /** Lines that could not be read, or that did not follow those before them. */
  dropped = 0;

  constructor(rules: JournalRules) {
    this.#rules = rules;
  }

  get id(): string | undefined {
    return this.#id;
  }

  get journal(): Journal | undefined {
    return this.#journal;
  }

  /**
   * Reads the text of a segment. One that does not follow the segments before it replaces them. A line that cannot be read
   * ends the segment: the last line of a process that was killed may be torn.
   *
   * @returns false when it is no segment.
   */
  read(text: string): boolean {
    const lines = text.split('\n');
    // What follows the last line break is a torn line, or nothing.
    if (lines.pop() !== '') this.dropped += 1;
    const [first, ...rest] = lines;
    if (first === undefined || !this.#begin(first)) return false;
    for (const [index, line] of rest.entries()) {
      if (this.#take(line)) continue;
      this.dropped += rest.length - index;
      break;
    }
    return true;
  }

  #begin(line: string): boolean {
    const head = parsed(line) as SegmentHead | undefined;
    if (head?.journal !== 1 || !Array.isArray(head.rows)) return false;
    this.#rows = new Map();
    const follows = this.#journal?.lastId === head.lastId && this.#id === head.id && head.whole === undefined;
    this.#id = head.id;
    if (follows) return true;
    this.#journal = new Journal(this.#rules, { sinceMs: head.sinceMs, base: head.rows, lastId: head.lastId });
    return true;
  }

  #take(text: string): boolean {
    const line = parsed(text) as EntryLine | StepLine | undefined;
    if (line === undefined || this.#journal === undefined) return false;
    return 'of' in line ? this.#takeStep(line, this.#journal) : this.#takeEntry(line, this.#journal);
  }

  #takeEntry({ entry: id, previous, lastSeenMs, flapping, ...rest }: EntryLine, journal: Journal): boolean {
    const row = rest.row ?? this.#rows.get(rest.key);
    if (id !== journal.lastId + 1 || row === undefined) return false;
    this.#rows.set(rest.key, row);
    const isPlain = previous === undefined && lastSeenMs === undefined && flapping === undefined;
    const extra = isPlain
      ? undefined
      : { previous, lastSeenMs, flapping: flapping && { ...flapping, steps: [] } };
    const { at, kind, key, state, cause } = rest;
    journal.restore({ id, at, kind, key, row, state, cause, extra });
    return true;
  }

  #takeStep({ of, step, count, untilMs }: StepLine, journal: Journal): boolean {
    journal.restoreStep(of, step, count, untilMs);
    return true;
  }
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
