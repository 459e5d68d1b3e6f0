import { RecencyList, type RecencyNode } from '../../core/index.ts';

interface Deadline<T> {
  readonly member: T;
  readonly dueMonoMs: number;
  /** False when the member was removed or taken out because it was due. */
  isQueued: boolean;
}

/** An entry of a {@link DeadlineQueue}. */
export type DeadlineEntry<T> = RecencyNode<Deadline<T>>;

/**
 * Members that are each due one interval after they were added.
 *
 * Because the interval is the same for all, the queue is in order of due time: adding, removing and finding what is
 * due cost O(1), and no member needs a timer.
 */
export class DeadlineQueue<T> {
  readonly #intervalMs: number;
  readonly #deadlines = new RecencyList<Deadline<T>>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** The member is due one interval from now. */
  add(member: T, monoMs: number): DeadlineEntry<T> {
    return this.#deadlines.add({ member, dueMonoMs: monoMs + this.#intervalMs, isQueued: true });
  }

  /** Harmless for a member that was removed already or was due. */
  remove(entry: DeadlineEntry<T>): void {
    if (!entry.value.isQueued) return;
    entry.value.isQueued = false;
    this.#deadlines.remove(entry);
  }

  /** Takes out, in order, the members that are due. */
  *due(monoMs: number): Generator<T, void, undefined> {
    for (let node = this.#deadlines.oldestNode; isDue(node, monoMs); node = this.#deadlines.oldestNode) {
      this.remove(node);
      yield node.value.member;
    }
  }

  /** When the newest member was added, `-Infinity` when there is none. */
  newestMonoMs(): number {
    return (this.#deadlines.newest?.dueMonoMs ?? Number.NEGATIVE_INFINITY) - this.#intervalMs;
  }

  /** When the next member is due, `undefined` when there is none. */
  nextMonoMs(): number | undefined {
    return this.#deadlines.oldest?.dueMonoMs;
  }
}

function isDue<T>(node: DeadlineEntry<T> | undefined, monoMs: number): node is DeadlineEntry<T> {
  return node !== undefined && node.value.dueMonoMs <= monoMs;
}
