/** Runs things later. Injected, so that tests advance time by hand. */
export interface Delay {
  /** Runs `run` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
}
