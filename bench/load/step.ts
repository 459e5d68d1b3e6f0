import type { Dialect, RowsContent } from './dialect.ts';
import { beaconCount, rowIndex } from './facts.ts';
import { type Message, type SharedUse, wholeOfShared } from './message.ts';
import { SharedMessage } from './shared-message.ts';

/** One row of the benchmark in a step, and the count of its latest beacon. */
export interface Mark {
  readonly row: number;
  readonly count: number;
}

/**
 * One thing that a watcher received: a whole list or a delta. Kept as bytes and parsed on demand, so that
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
    this.#whole = whole;
    this.#dialect = dialect;
    this.shared = dialect.sharedPart(whole);
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

const REMEMBERED = 256;
/** What distinguishes one message of a server from the next: its kind and versions. */
const START_BYTES = 160;

/** Finds the step that another watcher already received, by comparing every byte that they share. */
export class StepCache {
  readonly #steps = new Map<number, Step[]>();
  readonly #sharedMessages = new Map<string, SharedMessage>();
  readonly #stepOfMessage = new WeakMap<SharedMessage, Step>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The shared message of a message that begins like this; the caller checks whether the rest is the same. */
  recall(start: Buffer, length: number): SharedMessage | undefined {
    if (start.length < START_BYTES) return undefined;
    const key = start.toString('latin1', 0, START_BYTES);
    const known = this.#sharedMessages.get(key);
    if (known !== undefined) return known.mayBe(length) ? known : undefined;
    const sharedMessage = new SharedMessage(length);
    remember(this.#sharedMessages, key, sharedMessage);
    return sharedMessage;
  }

  /** The step of a message; a cached one when the bytes are the same, none when it was only skimmed. */
  step(version: number, { whole, sharedUse }: Message): Step | undefined {
    return sharedUse === undefined
      ? whole && this.#stepOf(version, whole)
      : this.#stepOfShared(version, sharedUse);
  }

  #stepOfShared(version: number, sharedUse: SharedUse): Step {
    const known = this.#stepOfMessage.get(sharedUse.sharedMessage);
    if (known !== undefined && this.#isSame(known, sharedUse)) return known;
    const step = this.#stepOf(version, wholeOfShared(sharedUse));
    this.#stepOfMessage.set(sharedUse.sharedMessage, step);
    return step;
  }

  /** True when a client's own end equals that of the step. */
  #isSame({ shared }: Step, { ownFrom, ownEnd }: SharedUse): boolean {
    return shared.subarray(ownFrom).equals(this.#dialect.sharedPart(ownEnd));
  }

  #stepOf(version: number, whole: Buffer): Step {
    const known = this.#steps.get(version);
    const shared = this.#dialect.sharedPart(whole);
    const same = known?.find((step) => step.shared.equals(shared));
    if (same) return same;
    const step = new Step(Buffer.from(whole), this.#dialect);
    if (known) known.push(step);
    else remember(this.#steps, version, [step]);
    return step;
  }
}

/** Adds to a map that drops the oldest. */
function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
