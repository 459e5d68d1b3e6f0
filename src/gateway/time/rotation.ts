import { RecencyList, type RecencyNode } from '../../core/index.ts';

interface Turn<T> {
  readonly member: T;
  readonly dueMonoMs: number;
  /** In the queue; false when the member left or was taken out because it was due. */
  isWaiting: boolean;
}

/** A place in a {@link Rotation}. */
export type RotationPlace<T> = RecencyNode<Turn<T>>;

/**
 * Members that are each due once per interval, one queue for all of them.
 *
 * Because the interval is the same for all, the queue is in order of due time: adding, leaving and finding who is
 * due cost O(1), and no member needs a timer.
 */
export class Rotation<T> {
  readonly #intervalMs: number;
  readonly #turns = new RecencyList<Turn<T>>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** The member is due one interval from now. */
  join(member: T, monoMs: number): RotationPlace<T> {
    return this.#turns.add({ member, dueMonoMs: monoMs + this.#intervalMs, isWaiting: true });
  }

  /** Harmless for a member that left already or was due. */
  leave(place: RotationPlace<T>): void {
    if (!place.value.isWaiting) return;
    place.value.isWaiting = false;
    this.#turns.remove(place);
  }

  /** Takes out, in order, the members that are due. */
  *due(monoMs: number): Generator<T, void, undefined> {
    for (let node = this.#turns.oldestNode; isDue(node, monoMs); node = this.#turns.oldestNode) {
      this.leave(node);
      yield node.value.member;
    }
  }

  /** When the newest member joined; before all time when there is none. */
  newestMonoMs(): number {
    return (this.#turns.newest?.dueMonoMs ?? Number.NEGATIVE_INFINITY) - this.#intervalMs;
  }

  /** When the next member is due, `undefined` when there is none. */
  nextMonoMs(): number | undefined {
    return this.#turns.oldest?.dueMonoMs;
  }
}

function isDue<T>(node: RotationPlace<T> | undefined, monoMs: number): node is RotationPlace<T> {
  return node !== undefined && node.value.dueMonoMs <= monoMs;
}
