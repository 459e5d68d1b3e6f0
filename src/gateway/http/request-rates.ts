import { RecencyList, type RecencyNode } from '../../core/index.ts';
import { type RequestLimits, RequestRate } from '../access/request-rate.ts';

interface Kept {
  readonly key: string;
  readonly rate: RequestRate;
}

/** Most callers that are remembered; beyond it the one that asked longest ago starts with a full bucket again. */
const maxCallers = 10_000;

/**
 * Request rates over HTTP, where there is no connection to count by: one per caller, that is credential and address (PL3).
 *
 * Bounded memory; every call costs O(1).
 */
export class RequestRates {
  readonly #limits: RequestLimits;
  readonly #byKey = new Map<string, RecencyNode<Kept>>();
  readonly #byAge = new RecencyList<Kept>();

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** Callers that are remembered. */
  get size(): number {
    return this.#byAge.size;
  }

  /** Counts a request: 0 when it may go on, else how many milliseconds until one may. */
  take(key: string, monoMs: number): number {
    return this.#rateOf(key).take(monoMs);
  }

  #rateOf(key: string): RequestRate {
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      this.#byAge.renew(known);
      return known.value.rate;
    }
    if (this.#byAge.size >= maxCallers) this.#forgetOldest();
    const rate = new RequestRate(this.#limits);
    this.#byKey.set(key, this.#byAge.add({ key, rate }));
    return rate;
  }

  #forgetOldest(): void {
    const oldest = this.#byAge.oldestNode;
    if (oldest === undefined) return;
    this.#byAge.remove(oldest);
    this.#byKey.delete(oldest.value.key);
  }
}
