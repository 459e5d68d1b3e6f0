/** What the honest clients saw: every request and its answer, and everything that should not have been. */
export class Findings {
  /** Requests that were sent. */
  asked = 0;
  /** Requests that were answered. */
  answered = 0;
  /** Things done by those who mean harm, by kind. */
  readonly harm: Map<string, number> = new Map();
  readonly faults: string[] = [];
  #slowestMs = 0;

  /** Longest wait for an answer, milliseconds. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** Counts a request; the answer is to be told by the function that it returns. */
  ask(): () => void {
    this.asked += 1;
    const startMs = performance.now();
    return () => {
      this.answered += 1;
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startMs);
    };
  }

  fault(what: string): void {
    // The first say what is wrong; thousands more of the same would not.
    if (this.faults.length < 100) this.faults.push(what);
  }

  harmed(kind: string, times = 1): void {
    this.harm.set(kind, (this.harm.get(kind) ?? 0) + times);
  }
}
