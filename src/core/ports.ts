/**
 * One reading of both clocks, taken together.
 *
 * The core never reads a clock: whoever calls it passes the moment in. Age and order come from `monoMs`,
 * what people see comes from `wallMs` (PT4).
 */
export interface Instant {
  /** Milliseconds on a clock that never runs backwards and, where the platform can, counts time asleep. */
  readonly monoMs: number;
  /** Milliseconds since the Unix epoch, by the machine's clock; may jump either way. */
  readonly wallMs: number;
}

/** Reads both clocks at once. Injected everywhere; tests advance a manual one. */
export interface Clock {
  now(): Instant;
}

/** Runs things later. Injected, so that tests advance time by hand. */
export interface Timers {
  /** Runs `run` once after `delayMs` milliseconds; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs `run` in this turn of the event loop, after what is already being received. */
  soon(run: () => void): void;
}

/** Timers for code that needs delays only. */
export type DelayTimers = Pick<Timers, 'after'>;

/** Where the program logs what it does: the part of pino's interface that it uses. Secrets never go in. */
export interface Logger {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
}

/** Logs nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
