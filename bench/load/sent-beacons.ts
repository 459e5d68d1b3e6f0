import { type BeaconFacts, beaconFacts } from './facts.ts';
import type { Step } from './step.ts';

/** Every beacon that was sent, by row: which count it had and when it left. */
export class SentBeacons {
  readonly rows: number;
  /** Beacons sent per row. */
  readonly counts: Int32Array;
  readonly #sentAtMs: number[][];

  constructor(rows: number) {
    this.rows = rows;
    this.counts = new Int32Array(rows);
    this.#sentAtMs = Array.from({ length: rows }, () => []);
  }

  /** Records the next beacon of a row and returns its facts. */
  next(row: number, nowMs: number): BeaconFacts {
    const count = (this.counts[row] ?? 0) + 1;
    this.counts[row] = count;
    this.#sentAtMs[row]?.push(nowMs);
    return beaconFacts(row, count);
  }

  /** When the `count`th beacon of a row left. */
  sentAtMs(row: number, count: number): number {
    return this.#sentAtMs[row]?.[count - 1] ?? Number.NaN;
  }
}

/** What one sampler has seen of the beacons, and how late. A beacon that a newer one replaced is seen with the newer. */
export class LatencySampler {
  /** From sending to seeing, for beacons that left since {@link startCounting}. */
  readonly latenciesMs: number[] = [];
  #countFromMs = Number.POSITIVE_INFINITY;
  readonly #beacons: SentBeacons;
  readonly #seen: Int32Array;

  constructor(beacons: SentBeacons) {
    this.#beacons = beacons;
    this.#seen = new Int32Array(beacons.rows);
  }

  /** Counts the beacons that leave from now on; those of the warm-up before are not counted. */
  startCounting(nowMs: number): void {
    this.#countFromMs = nowMs;
  }

  /** Processes a step that arrived. */
  look(step: Step, nowMs: number): void {
    for (const { row, count } of step.marks) {
      for (let next = (this.#seen[row] ?? 0) + 1; next <= count; next++) this.#note(row, next, nowMs);
    }
  }

  /** True when it has seen the latest beacon of every row. */
  isCurrent(): boolean {
    return this.#beacons.counts.every((count, row) => (this.#seen[row] ?? 0) >= count);
  }

  #note(row: number, count: number, nowMs: number): void {
    this.#seen[row] = count;
    const sentAtMs = this.#beacons.sentAtMs(row, count);
    if (sentAtMs >= this.#countFromMs) this.latenciesMs.push(nowMs - sentAtMs);
  }
}
