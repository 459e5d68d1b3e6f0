import {
  AnnotationBook,
  type AnnotationChange,
  type AnnotationRecord,
  type AnnotationSubject,
  type Annotations,
  type Clock,
  changedAnnotations,
  compareStamps,
  HybridClock,
  type InstanceView,
  type Instant,
  type Logger,
  subjectsOf,
} from '../../core/index.ts';
import { readPrivateFile, replaceFile } from '../../host/index.ts';
import type { SharedAnnotations } from '../../sources/cluster/index.ts';
import { FileWatch } from '../time/file-watch.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import { annotationsText, type FileRecord, parseAnnotationsText } from './annotations-file.ts';

/** What the annotations of a gateway depend on. */
export interface OperatorAnnotationsOptions {
  /** File that stores them; `undefined` keeps them in memory (PO4). */
  readonly annotationsFile: string | undefined;
  /** The member that stamps name. */
  readonly memberId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Result of a change of annotations. */
export interface AnnotationListener {
  /** Subjects whose rows must be published again. */
  changed(subjects: ReadonlySet<AnnotationSubject>): void;
  /** True when there is something to send to the other gateways of the cluster. */
  outgoing(): void;
}

/** Most subjects that have annotations; over it a new one is refused (PO2). */
export const maxAnnotated = 10_000;

/** How long removed annotations are kept as such, milliseconds, so that a gateway that was away does not restore them. */
const retentionMs = 30 * 24 * 3_600_000;

/**
 * The operator's annotations of machines: stored in a file, followed when the file is edited, and shared in a cluster (PO1 to PO5).
 */
export class OperatorAnnotations implements PeriodicTask, SharedAnnotations {
  readonly book: AnnotationBook = new AnnotationBook();
  readonly #options: OperatorAnnotationsOptions;
  readonly #stamps: HybridClock;
  readonly #outbox = new Map<AnnotationSubject, AnnotationRecord>();
  #listener: AnnotationListener | undefined;
  #watch: FileWatch | undefined;
  /** Content of the file when it was last read or written. */
  #fileText: string | undefined;
  #fileRecords: ReadonlyMap<AnnotationSubject, FileRecord> = new Map();
  #isFileUsable = true;
  /** Incremented with every change. */
  revision = 0;

  constructor(options: OperatorAnnotationsOptions) {
    this.#options = options;
    this.#stamps = new HybridClock(options.memberId);
  }

  /** Sets the listener for changes; before the first change. */
  listen(listener: AnnotationListener): void {
    this.#listener = listener;
  }

  /** Reads the file, and follows it from now on. */
  start(): void {
    const { annotationsFile: file } = this.#options;
    if (file === undefined || this.#watch !== undefined) return;
    this.#watch = new FileWatch([file], () => this.#reload());
    this.#reload();
  }

  run(now: Instant): number | undefined {
    return this.#watch?.run(now);
  }

  /** Changes the annotations of a row; `undefined` when there is no room for another subject. */
  annotate(view: InstanceView, change: AnnotationChange): Annotations | undefined {
    const [subject] = subjectsOf(view);
    if (subject === undefined) return undefined;
    const annotations = changedAnnotations(this.book.of(view) ?? {}, change);
    if (this.book.get(subject) === undefined && this.book.size >= maxAnnotated) return undefined;
    this.#take([this.#stamped(subject, annotations)]);
    return annotations;
  }

  get hasOutgoing(): boolean {
    return this.#outbox.size > 0;
  }

  takeOutgoing(): readonly AnnotationRecord[] {
    const records = [...this.#outbox.values()];
    this.#outbox.clear();
    return records;
  }

  everything(): readonly AnnotationRecord[] {
    this.#outbox.clear();
    return this.book.records();
  }

  repeat(): void {
    for (const record of this.book.records()) this.#outbox.set(record.subject, record);
    if (this.hasOutgoing) this.#listener?.outgoing();
  }

  /** Merges records of other gateways; a gateway with an older record is sent ours. */
  receive(records: readonly AnnotationRecord[]): void {
    const news: AnnotationRecord[] = [];
    for (const record of records) {
      this.#stamps.observe(record.stamp);
      const known = this.book.get(record.subject);
      const order = known === undefined ? 1 : compareStamps(record.stamp, known.stamp);
      if (order > 0) news.push(record);
      else if (order < 0 && known !== undefined) this.#outbox.set(record.subject, known);
    }
    if (news.length > 0) this.#put(news);
    if (this.hasOutgoing) this.#listener?.outgoing();
  }

  #stamped(subject: AnnotationSubject, annotations: Annotations): AnnotationRecord {
    return { subject, stamp: this.#stamps.next(this.#options.clock.now().wallMs), annotations };
  }

  /** Stores annotations that were written at this gateway. */
  #take(records: readonly AnnotationRecord[]): void {
    for (const record of records) this.#outbox.set(record.subject, record);
    this.#put(records);
    this.#listener?.outgoing();
  }

  #put(records: readonly AnnotationRecord[]): void {
    const subjects = new Set<AnnotationSubject>();
    for (const record of records) if (this.book.put(record)) subjects.add(record.subject);
    if (subjects.size === 0) return;
    this.revision += 1;
    this.#save();
    this.#listener?.changed(subjects);
  }

  /** The file is read before it is written: another process may have changed it since. */
  #save(): void {
    const { annotationsFile: file, logger } = this.#options;
    if (file === undefined || !this.#isFileUsable) return;
    try {
      if (readPrivateFile(file, 'the annotations file') !== this.#fileText) return this.#reload();
      this.#write(file);
    } catch (error) {
      logger.error({ file, problem: (error as Error).message }, 'annotations are kept in memory alone');
    }
  }

  #write(file: string): void {
    const records = this.book.records();
    const text = annotationsText(records);
    if (text === this.#fileText) return;
    replaceFile(file, text);
    this.#fileText = text;
    this.#fileRecords = new Map(records.map((record) => [record.subject, record]));
  }

  #reload(): void {
    const { annotationsFile: file, logger } = this.#options;
    if (file === undefined) return;
    try {
      const text = readPrivateFile(file, 'the annotations file');
      if (text === this.#fileText && this.#isFileUsable) return;
      const edited = this.#edited(text === undefined ? [] : parseAnnotationsText(text));
      this.#isFileUsable = true;
      this.#fileText = text;
      for (const { stamp } of edited) this.#stamps.observe(stamp);
      if (edited.length > 0) this.#take(edited);
      this.#write(file);
    } catch (error) {
      this.#isFileUsable = false;
      const problem = (error as Error).message;
      logger.error(
        { file, problem },
        'annotations stay as they were, and are not written until this file can be read',
      );
    }
  }

  /** Applies changes of the file: annotations whose record was removed are removed. */
  #edited(records: readonly FileRecord[]): readonly AnnotationRecord[] {
    const before = this.#fileRecords;
    this.#fileRecords = new Map(records.map((record) => [record.subject, record]));
    const gone = [...before.keys()].filter((subject) => !this.#fileRecords.has(subject));
    return [
      ...records.flatMap((record) => this.#editedRecord(record, before.get(record.subject))),
      ...gone.flatMap((subject) =>
        this.#editedRecord({ subject, stamp: undefined, annotations: {} }, undefined),
      ),
    ];
  }

  #editedRecord(
    { subject, stamp, annotations }: FileRecord,
    before: FileRecord | undefined,
  ): readonly AnnotationRecord[] {
    const known = this.book.get(subject);
    if (stamp !== undefined && this.#isForgotten(stamp, annotations)) return [];
    if (stamp !== undefined && (known === undefined || compareStamps(stamp, known.stamp) > 0)) {
      return [{ subject, stamp, annotations }];
    }
    const isEdited =
      !isSame(annotations, before?.annotations) && !isSame(annotations, known?.annotations ?? {});
    return isEdited ? [this.#stamped(subject, annotations)] : [];
  }

  #isForgotten({ ms }: { readonly ms: number }, annotations: Annotations): boolean {
    return Object.keys(annotations).length === 0 && this.#options.clock.now().wallMs - ms > retentionMs;
  }
}

function isSame(a: Annotations, b: Annotations | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
