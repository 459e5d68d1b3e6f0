import type { StoredEntry } from './journal-entry.ts';

/** The latest entries, whose ids follow each other without a gap; adding, dropping and finding cost O(1). */
export class EntryRing {
  #slots: (StoredEntry | undefined)[] = [];
  /** Index of the oldest entry in the slots. */
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): StoredEntry | undefined {
    return this.at(0);
  }

  get newest(): StoredEntry | undefined {
    return this.at(this.#size - 1);
  }

  /** The entry at an index, 0 being the oldest. */
  at(index: number): StoredEntry | undefined {
    return index < 0 || index >= this.#size
      ? undefined
      : this.#slots[(this.#head + index) % this.#slots.length];
  }

  /** The entry with an id, unless it was dropped. */
  byId(id: number): StoredEntry | undefined {
    return this.at(this.indexAfter(id) - 1);
  }

  /** Index of the first entry after an id. */
  indexAfter(id: number): number {
    const first = this.oldest?.id ?? 0;
    return Math.min(this.#size, Math.max(0, id - first + 1));
  }

  push(entry: StoredEntry): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) % this.#slots.length] = entry;
    this.#size += 1;
  }

  /** Removes and returns the oldest. */
  shift(): StoredEntry | undefined {
    const oldest = this.oldest;
    if (oldest === undefined) return undefined;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#size -= 1;
    return oldest;
  }

  *[Symbol.iterator](): Generator<StoredEntry, void, undefined> {
    for (let index = 0; index < this.#size; index += 1) {
      const entry = this.at(index);
      if (entry !== undefined) yield entry;
    }
  }

  #grow(): void {
    const entries = [...this];
    this.#slots = entries;
    this.#head = 0;
    for (let free = Math.max(16, entries.length); free > 0; free -= 1) this.#slots.push(undefined);
  }
}
