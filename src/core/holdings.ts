import type { Contribution } from './contribution.ts';

/** What a member states, in short: how many rows but its own, and a sum over which and since when. */
export interface Holdings {
  readonly count: number;
  /** 16 hex digits; the same for the same rows in any order. */
  readonly digest: string;
}

/** Keeps {@link Holdings} up to date while registers come and go: O(1) for each. */
export class HoldingsSum {
  #count = 0;
  #high = 0;
  #low = 0;

  add(contribution: Contribution): void {
    this.#count += 1;
    this.#change(contribution, 1);
  }

  /** Takes out what was added before. */
  remove(contribution: Contribution): void {
    this.#count -= 1;
    this.#change(contribution, -1);
  }

  get value(): Holdings {
    return { count: this.#count, digest: hex(this.#high) + hex(this.#low) };
  }

  #change({ key, stamp }: Contribution, sign: number): void {
    const text = `${key}\n${stamp.ms}\n${stamp.counter}\n${stamp.memberId}`;
    this.#high = (this.#high + sign * hashOf(text, 0x811c9dc5)) >>> 0;
    this.#low = (this.#low + sign * hashOf(text, 0x2f0b4c47)) >>> 0;
  }
}

/** True when a contribution counts: every member has the row of its own gateway, and nobody else can write it (PR2). */
export function isHeld({ view }: Contribution): boolean {
  return view !== undefined && view.self !== true;
}

/** What a list of contributions of one member comes to, each register once. */
export function holdingsOf(contributions: Iterable<Contribution>): Holdings {
  const sum = new HoldingsSum();
  for (const contribution of contributions) if (isHeld(contribution)) sum.add(contribution);
  return sum.value;
}

export function isSameHoldings(a: Holdings, b: Holdings): boolean {
  return a.count === b.count && a.digest === b.digest;
}

/** FNV-1a, with a last mix so that short differences reach all bits. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
