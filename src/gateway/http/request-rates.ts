import { RecentValues } from '../access/recent-values.ts';
import { type RequestLimits, RequestRate } from '../access/request-rate.ts';

/** Most callers that are kept; beyond it the one with the oldest request starts with a full bucket again. */
const maxCallers = 10_000;

/**
 * Request rates over HTTP, where there is no connection to count by: one per caller, that is credential and address (PL3).
 *
 * Bounded memory; every call costs O(1).
 */
export class RequestRates {
  readonly #limits: RequestLimits;
  readonly #rates = new RecentValues<RequestRate>(maxCallers);

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** Number of callers that are kept. */
  get size(): number {
    return this.#rates.size;
  }

  /** Counts a request: 0 when it may go on, else how many milliseconds until one may. */
  take(key: string, monoMs: number): number {
    return this.#rates.take(key, () => new RequestRate(this.#limits)).take(monoMs);
  }
}
