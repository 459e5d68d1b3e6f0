import type { Clock, Instant } from '../../core/index.ts';
import type { EngineTime } from './engine.ts';

/** How much two clocks may drift apart, as a part of the time that passes; quartz is better than this. */
const drift = 200e-6;

/**
 * The clock of a gateway in a cluster: its own monotonic clock, and the engine's wall clock.
 *
 * All members show the same time, however wrong the clocks of their machines are. Until the engine answered the
 * machine's wall clock counts; while the engine cannot be reached the last offset is kept.
 */
export class ClusterClock implements Clock {
  readonly #machine: Clock;
  #known: EngineTime | undefined;

  constructor(machine: Clock) {
    this.#machine = machine;
  }

  /** True once the engine's clock was read. */
  get isSynchronized(): boolean {
    return this.#known !== undefined;
  }

  /** How far the machine's wall clock is ahead of the engine's, in milliseconds; `undefined` before the first reading. */
  machineAheadMs(): number | undefined {
    return this.#known === undefined ? undefined : Math.round(this.#machine.now().wallMs - this.now().wallMs);
  }

  now(): Instant {
    const { monoMs, wallMs } = this.#machine.now();
    if (this.#known === undefined) return { monoMs, wallMs };
    return { monoMs, wallMs: this.#known.engineMs + monoMs - this.#known.monoMs };
  }

  /** Uses a reading, unless the present one is at least as exact and not contradicted. */
  learn(reading: EngineTime): void {
    if (this.#known === undefined || this.#isBetter(reading, this.#known)) this.#known = reading;
  }

  #isBetter(reading: EngineTime, known: EngineTime): boolean {
    const passedMs = reading.monoMs - known.monoMs;
    const boundMs = known.uncertaintyMs + passedMs * drift;
    const differenceMs = Math.abs(reading.engineMs - (known.engineMs + passedMs));
    return reading.uncertaintyMs <= boundMs || differenceMs > boundMs + reading.uncertaintyMs;
  }
}
