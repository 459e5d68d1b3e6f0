import type { Dialect, RowsContent } from './dialect.ts';
import { beaconCount, rowIndex } from './facts.ts';

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

/** Finds the step that another watcher was already told, by comparing every byte that they share. */
export class StepCache {
  readonly #steps = new Map<number, Step[]>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The step for this message; a known one when the bytes are the same. */
  step(version: number, whole: Buffer): Step {
    const known = this.#steps.get(version);
    const shared = this.#dialect.sharedPart(whole);
    const same = known?.find((step) => step.shared.equals(shared));
    if (same) return same;
    const step = new Step(whole, this.#dialect);
    if (known) known.push(step);
    else this.#remember(version, step);
    return step;
  }

  #remember(version: number, step: Step): void {
    this.#steps.set(version, [step]);
    if (this.#steps.size <= REMEMBERED_VERSIONS) return;
    for (const oldest of this.#steps.keys()) {
      this.#steps.delete(oldest);
      return;
    }
  }
}
