import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DelayTimers, Instant, Logger } from '../../core/index.ts';
import type { Recorded } from './entry-writer.ts';
import { Journal, type JournalRules } from './journal.ts';
import { LineReader, LineWriter, type SegmentHead } from './journal-lines.ts';

export interface JournalFileOptions {
  /** The segments are `FILE.1`, `FILE.2` … */
  readonly file: string;
  readonly rules: JournalRules;
  readonly newId: () => string;
  readonly timers: DelayTimers;
  readonly logger: Logger;
  /** Writes bytes from an offset on and returns how many; default `fs.writeSync`. */
  readonly write?: (handle: number, bytes: Uint8Array, offset: number) => number;
}

/** The journal file cannot be used as it is; the message says what to change. */
export class JournalFileError extends Error {
  override name = 'JournalFileError';
}

/** A journal that was read from its segments. */
export interface OpenedJournal {
  readonly file: JournalFile;
  readonly journal: Journal;
  /** Random id of the journal. */
  readonly id: string;
  /** The file had entries of an earlier run. */
  readonly isOld: boolean;
}

/** What was written is on the disk at the latest after this time, milliseconds. */
const syncMs = 1_000;
/** After a failed write the next one is tried after this time, milliseconds. */
const retryMs = 60_000;
/** Smallest number of lines of a segment, so that small journals do not write heads all the time. */
const minSegmentLines = 1_000;
/** All segments together have at most this many bytes for each entry of `journalEntries`, beside their heads. */
const maxBytesPerEntry = 1_000;

interface Segment {
  readonly number: number;
  readonly lastId: () => number;
  /** Of its lines, without the head. */
  bytes: number;
}

/**
 * The journal on a disk: append-only segments of JSON lines, readable by their owner alone.
 *
 * Every change is written before the next one, so that a process that is killed loses at most the line it was writing;
 * a machine that loses power loses at most the last second. The segments whose entries the journal has dropped are deleted.
 * When the disk takes no more, that is logged once, the journal goes on in memory, and a new segment is tried each minute.
 */
export class JournalFile {
  readonly #options: JournalFileOptions;
  readonly #journal: Journal;
  readonly #id: string;
  #segments: Segment[] = [];
  #writer = new LineWriter();
  #handle: number | undefined;
  #lines = 0;
  /** Since when nothing can be written, on the monotonic clock. */
  #failedMonoMs: number | undefined;
  #cancelSync: (() => void) | undefined;

  /** `numbers` are those of the segments that the journal was read from. */
  private constructor(options: JournalFileOptions, journal: Journal, id: string, numbers: readonly number[]) {
    this.#options = options;
    this.#journal = journal;
    this.#id = id;
    const { lastId } = journal;
    this.#segments = numbers.map((number) => ({ number, lastId: () => lastId, bytes: 0 }));
  }

  /**
   * Reads what is there and writes it as one new segment. Throws {@link JournalFileError} when the folder cannot be made,
   * read or written; a full disk is no error.
   */
  static open(options: JournalFileOptions, now: Instant): OpenedJournal {
    const { file, rules, newId, logger } = options;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const numbers = segmentNumbers(file);
      const reader = new LineReader(rules);
      for (const number of numbers) {
        if (!reader.read(readFileSync(segmentPath(file, number), 'utf8'))) reader.dropped += 1;
      }
      if (reader.dropped > 0)
        logger.warn({ file, lines: reader.dropped }, 'lines of the journal were not readable');
      const journal = reader.journal ?? new Journal(rules, { sinceMs: now.wallMs });
      const id = reader.id ?? newId();
      const opened = new JournalFile(options, journal, id, numbers);
      opened.#attempt(now, () => opened.#writeWhole(), isFull);
      return { file: opened, journal, id, isOld: reader.journal !== undefined };
    } catch (error) {
      const { message } = error as Error;
      throw new JournalFileError(
        `journalFile ${file}: ${message}: name a file in a folder that this user may write`,
      );
    }
  }

  /** Appends a line for each entry and step. */
  append(recorded: Recorded, now: Instant): void {
    if (recorded.length === 0) return;
    if (this.#failedMonoMs !== undefined) return this.#retry(this.#failedMonoMs, now);
    const text = recorded.map((item) =>
      'step' in item ? this.#writer.step(item) : this.#writer.entry(item),
    );
    this.#attempt(now, () => {
      this.#write(text.join(''), text.length);
      if (this.#lines >= this.#segmentLines()) this.#rotate(now);
    });
  }

  close(): void {
    this.#cancelSync?.();
    this.#cancelSync = undefined;
    this.#closeHandle();
  }

  #segmentLines(): number {
    return Math.max(minSegmentLines, Math.ceil(this.#options.rules.maxEntries / 4));
  }

  /** One segment with everything, in place of those that were there; what fails leaves those, and nothing else. */
  #writeWhole(): void {
    const { file } = this.#options;
    const old = this.#segments;
    const number = (old.at(-1)?.number ?? 0) + 1;
    const draft = `${segmentPath(file, number)}.tmp`;
    rmSync(draft, { force: true });
    try {
      this.#segments = [];
      this.#begin(number);
      this.#open(draft);
      this.#writeEntries();
      if (this.#handle !== undefined) fsyncSync(this.#handle);
      renameSync(draft, segmentPath(file, number));
    } catch (error) {
      this.#segments = old;
      this.#closeHandle();
      rmSync(draft, { force: true });
      throw error;
    }
    for (const other of old) rmSync(segmentPath(file, other.number), { force: true });
  }

  #writeEntries(): void {
    const { knownSinceMs: sinceMs, oldestId, base } = this.#journal;
    this.#write(this.#head({ sinceMs, lastId: oldestId - 1, rows: [...base.values()], whole: true }), 0);
    for (const entry of this.#journal.after(0)) {
      const steps = entry.extra?.flapping?.steps ?? [];
      const lines = [this.#writer.entry(entry), ...steps.map((step) => this.#writer.step({ entry, step }))];
      this.#write(lines.join(''), lines.length);
    }
  }

  /** A new segment, which begins with the rows as they are now. */
  #rotate(now: Instant): void {
    this.#closeHandle();
    this.#endLast();
    const { lastId } = this.#journal;
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    this.#begin(number);
    this.#open(segmentPath(this.#options.file, number));
    this.#write(
      this.#head({ sinceMs: Math.floor(now.wallMs), lastId, rows: [...this.#journal.present().values()] }),
      0,
    );
    this.#deleteOld(1);
  }

  /** Nothing more is written to the last segment. */
  #endLast(): void {
    const { lastId } = this.#journal;
    const last = this.#segments.pop();
    if (last !== undefined) this.#segments.push({ ...last, lastId: () => Math.min(lastId, last.lastId()) });
  }

  /** Deletes segments whose entries the journal has dropped, and what is too much, but keeps the last `kept`. */
  #deleteOld(kept: 0 | 1): void {
    const maxBytes = Math.max(minSegmentLines, this.#options.rules.maxEntries) * maxBytesPerEntry;
    const bytes = (): number => this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (
      let oldest = this.#segments[0];
      oldest !== undefined && this.#segments.length > kept;
      oldest = this.#segments[0]
    ) {
      if (oldest.lastId() >= this.#journal.oldestId && bytes() <= maxBytes) return;
      rmSync(segmentPath(this.#options.file, oldest.number), { force: true });
      this.#segments.shift();
    }
  }

  #head(head: Omit<SegmentHead, 'journal' | 'id'>): string {
    return `${JSON.stringify({ journal: 1, id: this.#id, ...head })}\n`;
  }

  #open(path: string): void {
    this.#handle = openSync(path, 'wx', 0o600);
    this.#writer = new LineWriter();
    this.#lines = 0;
  }

  #write(text: string, lines: number): void {
    if (this.#handle === undefined) throw new Error('the segment is closed');
    const bytes = Buffer.from(text);
    const { write = writeSync } = this.#options;
    for (let written = 0; written < bytes.length; ) written += write(this.#handle, bytes, written);
    this.#lines += lines;
    const segment = this.#segments.at(-1);
    if (segment !== undefined && lines > 0) segment.bytes += bytes.length;
    this.#syncLater();
  }

  /** A kill loses nothing that was written; only losing power does, until this has run. */
  #syncLater(): void {
    this.#cancelSync ??= this.#options.timers.after(syncMs, () => {
      this.#cancelSync = undefined;
      // An error here occurs at the next write too, where it is logged.
      if (this.#handle !== undefined) fdatasync(this.#handle, () => {});
    });
  }

  /** Runs a write and logs the first failure. Throws errors that `isBearable` does not accept. */
  #attempt(now: Instant, write: () => void, isBearable: (error: unknown) => boolean = () => true): boolean {
    try {
      write();
      return true;
    } catch (error) {
      const { file, logger } = this.#options;
      const isKnown = this.#failedMonoMs !== undefined;
      this.#failedMonoMs = now.monoMs;
      this.#closeHandle();
      if (!isKnown) this.#endLast();
      if (!isBearable(error)) throw error;
      if (!isKnown) logger.error({ err: error, file }, 'the journal cannot be written and goes on in memory');
      return false;
    }
  }

  /**
   * Everything is written anew: the file would else lack what was recorded meanwhile. What the journal has dropped since
   * makes room for it.
   */
  #retry(failedMonoMs: number, now: Instant): void {
    if (now.monoMs - failedMonoMs < retryMs) return;
    const { file, logger } = this.#options;
    const isWritten = this.#attempt(now, () => {
      this.#deleteOld(0);
      this.#writeWhole();
    });
    if (!isWritten) return;
    this.#failedMonoMs = undefined;
    logger.info({ file }, 'the journal is written again');
  }

  #begin(number: number): void {
    this.#segments.push({ number, lastId: () => this.#journal.lastId, bytes: 0 });
  }

  #closeHandle(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      fsyncSync(handle);
    } catch {
      // The disk has failed already, and that was logged.
    }
    closeSync(handle);
  }
}

function segmentPath(file: string, number: number): string {
  return `${file}.${number}`;
}

/** Numbers of the segments that are there, oldest first. */
function segmentNumbers(file: string): readonly number[] {
  const name = basename(file);
  const numbers = readdirSync(dirname(file)).flatMap((entry) => {
    const digits = entry.startsWith(`${name}.`) ? entry.slice(name.length + 1) : '';
    return /^\d{1,12}$/.test(digits) ? [Number(digits)] : [];
  });
  return numbers.sort((a, b) => a - b);
}

/** The disk has no room: the journal goes on in memory, and a later try may succeed. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '');
}
