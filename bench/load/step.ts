import type { Dialect, RowsContent } from './dialect.ts';
import { beaconCount, rowIndex } from './facts.ts';
import type { Message } from './message.ts';

/** One row of the benchmark in a step, and the count of its latest beacon. */
export interface Mark {
  readonly row: number;
  readonly count: number;
}

/**
 * One thing that a watcher was told: a whole list or a delta. Kept as bytes and parsed when somebody looks, so that
 * rebuilding a thousand views does not disturb what is measured.
 */
export class Step {
  /** The bytes by which two watchers' copies are known to be the same. */
  readonly shared: Buffer;
  readonly #whole: Buffer;
  readonly #dialect: Dialect;
  #content: RowsContent | undefined;
  #marks: readonly Mark[] | undefined;

  constructor(whole: Buffer, dialect: Dialect) {
    this.#whole = Buffer.from(whole);
    this.#dialect = dialect;
    this.shared = dialect.sharedPart(this.#whole);
  }

  /** The rows, parsed once. */
  get content(): RowsContent {
    this.#content ??= this.#dialect.rows(this.#whole.toString('utf8'));
    return this.#content;
  }

  /** Which beacons the step shows. */
  get marks(): readonly Mark[] {
    this.#marks ??= this.content.upsert.flatMap((row) => {
      const index = rowIndex(row['instanceId']);
      return index === undefined ? [] : [{ row: index, count: beaconCount(row['text']) }];
    });
    return this.#marks;
  }
}

const REMEMBERED_VERSIONS = 256;
/** As much as tells one message of a server from the next: its kind and versions. */
const START_BYTES = 160;

/** Finds the step that another watcher was already told, by comparing every byte that they share. */
export class StepCache {
  readonly #steps = new Map<number, Step[]>();
  readonly #byStart = new Map<string, Step>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** A step that begins like this; whether it goes on alike is for the caller to see. */
  recall(start: Buffer): Step | undefined {
    return start.length < START_BYTES ? undefined : this.#byStart.get(startOf(start));
  }

  /** The step that a message says; a known one when the bytes are the same, none when it was only skimmed. */
  step(version: number, { whole, recalled }: Message): Step | undefined {
    if (recalled === undefined) return whole && this.#stepOf(version, whole);
    const { was, ownEnd } = recalled;
    const isSame = was instanceof Step && this.#dialect.sharedPart(ownEnd).length === 0;
    return isSame ? was : this.#stepOf(version, Buffer.concat([was.shared, ownEnd]));
  }

  #stepOf(version: number, whole: Buffer): Step {
    const known = this.#steps.get(version);
    const shared = this.#dialect.sharedPart(whole);
    const same = known?.find((step) => step.shared.equals(shared));
    if (same) return same;
    const step = new Step(whole, this.#dialect);
    if (shared.length >= START_BYTES) this.#byStart.set(startOf(shared), step);
    if (known) known.push(step);
    else this.#remember(version, step);
    return step;
  }

  #remember(version: number, step: Step): void {
    this.#steps.set(version, [step]);
    if (this.#steps.size <= REMEMBERED_VERSIONS) return;
    for (const [oldest, steps] of this.#steps) {
      this.#steps.delete(oldest);
      for (const { shared } of steps) this.#byStart.delete(startOf(shared));
      return;
    }
  }
}

function startOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, START_BYTES);
}
