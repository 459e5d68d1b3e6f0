import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Clock, DelayTimers, Logger } from '../../core/index.ts';
import type { DeliveryFailure, DeliveryStatus, QueuedMessage, Send } from './delivery.ts';

export interface DeliveryQueueOptions {
  readonly name: string;
  readonly type: string;
  readonly send: Send;
  readonly clock: Clock;
  readonly timers: DelayTimers;
  readonly logger: Logger;
  /** A number from 0 to 1, for the jitter of pauses. */
  readonly random: () => number;
  /** Where messages are kept across restarts; `undefined`: in memory alone. */
  readonly file?: string | undefined;
  /** Age at which a message is given up, milliseconds. */
  readonly giveUpMs: number;
  /** Longest time of one attempt, milliseconds. */
  readonly timeoutMs: number;
  /** Most messages that wait; the oldest is dropped for a new one. Default 1 000. */
  readonly maxQueued?: number;
}

const firstPauseMs = 1_000;
/** Longest pause: after an outage everything is delivered within about this time, milliseconds. */
const longestPauseMs = 60_000;
/** Longest pause that a target can request, milliseconds. */
const longestWantedPauseMs = 300_000;
/** After a failed write the next one is tried after this time, milliseconds. */
const retryFileMs = 60_000;

/**
 * The messages for one target, in order, one at a time: at least once, with the same id (PN10).
 *
 * Pauses double from 1 s to a minute, each shortened by up to a half by chance. With a file pending messages outlive the process,
 * also when it is killed.
 */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions;
  readonly #waiting: QueuedMessage[];
  readonly #maxQueued: number;
  #writtenLines = 0;
  /** Since when the file cannot be written, on the monotonic clock. */
  #failedMonoMs: number | undefined;
  #failuresInARow = 0;
  #state: DeliveryStatus['state'] = 'idle';
  #isClosed = false;
  #cancelPause = (): void => {};
  #abort = new AbortController();
  #counts = { delivered: 0, failures: 0, dropped: 0 };
  #lastProblem: string | undefined;
  #lastDeliveredAtMs: number | undefined;
  #whenEmpty: (() => void)[] = [];

  constructor(options: DeliveryQueueOptions) {
    this.#options = options;
    this.#maxQueued = options.maxQueued ?? 1_000;
    this.#waiting = this.#read();
    // A last line that was cut off must not be joined with the next one.
    if (options.file !== undefined && existsSync(options.file)) this.#rewrite();
  }

  /** Starts with the messages that were pending before. */
  start(): void {
    this.#next();
  }

  get status(): DeliveryStatus {
    const { name, type } = this.#options;
    return {
      name,
      type,
      state: this.#state,
      queued: this.#waiting.length,
      ...this.#counts,
      ...(this.#lastProblem !== undefined && { lastProblem: this.#lastProblem }),
      ...(this.#lastDeliveredAtMs !== undefined && { lastDeliveredAtMs: this.#lastDeliveredAtMs }),
    };
  }

  add(queued: QueuedMessage): void {
    if (this.#waiting.some(({ id }) => id === queued.id)) return;
    this.#waiting.push(queued);
    this.#append({ add: queued });
    // The first one may be in transit.
    if (this.#waiting.length > this.#maxQueued) {
      const index = this.#state === 'sending' ? 1 : 0;
      this.#drop(this.#waiting[index], 'there are too many');
    }
    this.#next();
  }

  /** Tries to deliver pending messages; those that are left stay in the file. Resolves within `graceMs` milliseconds. */
  async close(graceMs: number): Promise<void> {
    if (graceMs > 0 && this.#waiting.length > 0 && this.#state !== 'waiting') {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.timers.after(graceMs, resolve);
        this.#whenEmpty.push(() => {
          cancel();
          resolve();
        });
      });
    }
    this.#isClosed = true;
    this.#cancelPause();
    this.#abort.abort();
  }

  #next(): void {
    if (this.#isClosed || this.#state !== 'idle') return;
    const queued = this.#waiting[0];
    if (queued === undefined) {
      for (const resolve of this.#whenEmpty.splice(0)) resolve();
      return;
    }
    const { clock, giveUpMs } = this.#options;
    if (clock.now().wallMs - queued.queuedAtMs > giveUpMs) {
      this.#drop(queued, this.#lastProblem ?? 'it is too old');
      this.#next();
      return;
    }
    this.#state = 'sending';
    void this.#attempt(queued);
  }

  async #attempt(queued: QueuedMessage): Promise<void> {
    const { send, timers, timeoutMs } = this.#options;
    const attempt = new AbortController();
    this.#abort = attempt;
    const cancel = timers.after(timeoutMs, () => attempt.abort());
    const failure = await send(queued, attempt.signal).catch(
      (error: unknown): DeliveryFailure => ({ problem: String(error), retry: true }),
    );
    cancel();
    if (this.#isClosed && failure !== undefined) return;
    this.#state = 'idle';
    if (failure === undefined) this.#delivered(queued);
    else this.#failed(queued, failure);
    this.#next();
  }

  #delivered(queued: QueuedMessage): void {
    this.#counts.delivered += 1;
    this.#failuresInARow = 0;
    this.#lastProblem = undefined;
    this.#lastDeliveredAtMs = Math.round(this.#options.clock.now().wallMs);
    this.#remove(queued);
  }

  #failed(queued: QueuedMessage, { problem, retry, waitMs }: DeliveryFailure): void {
    const { logger, name, timers, random } = this.#options;
    this.#counts.failures += 1;
    this.#failuresInARow += 1;
    this.#lastProblem = problem;
    if (this.#failuresInARow === 1)
      logger.warn({ delivery: name, problem }, 'a notice could not be delivered');
    if (!retry) {
      this.#drop(queued, problem);
      return;
    }
    const doubledMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failuresInARow - 1));
    const pauseMs = Math.max(doubledMs * (1 - random() / 2), Math.min(waitMs ?? 0, longestWantedPauseMs));
    this.#state = 'waiting';
    this.#cancelPause = timers.after(pauseMs, () => {
      this.#state = 'idle';
      this.#next();
    });
  }

  #drop(queued: QueuedMessage | undefined, problem: string): void {
    if (queued === undefined) return;
    const { logger, name } = this.#options;
    this.#counts.dropped += 1;
    logger.error({ delivery: name, message: queued.id, problem }, 'a notice was given up');
    this.#remove(queued);
  }

  #remove(queued: QueuedMessage): void {
    const index = this.#waiting.indexOf(queued);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#append({ done: queued.id });
  }

  // ---- the file: a line for each message that came, and one for each that is done

  #append(line: { readonly add: QueuedMessage } | { readonly done: string }): void {
    const isFailing = this.#failedMonoMs !== undefined;
    if (isFailing && this.#options.clock.now().monoMs - (this.#failedMonoMs ?? 0) < retryFileMs) return;
    this.#writtenLines += 1;
    if (isFailing || this.#writtenLines > 2 * this.#maxQueued) this.#rewrite();
    else this.#guard((file) => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
  }

  #rewrite(): void {
    const lines = this.#waiting.map((add) => `${JSON.stringify({ add })}\n`).join('');
    this.#guard((file) => {
      writeFileSync(`${file}.new`, lines, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    });
    this.#writtenLines = this.#waiting.length;
  }

  /** A write that fails is logged once; the queue continues in memory, and is written whole when there is room. */
  #guard(write: (file: string) => void): void {
    const { file, logger, name, clock } = this.#options;
    if (file === undefined) return;
    const wasFailing = this.#failedMonoMs !== undefined;
    try {
      write(file);
      this.#failedMonoMs = undefined;
      if (wasFailing) logger.info({ delivery: name }, 'the queue of notices is kept again');
    } catch (error) {
      this.#failedMonoMs = clock.now().monoMs;
      if (!wasFailing)
        logger.error({ err: error, delivery: name }, 'the queue of notices cannot be kept across a restart');
    }
  }

  #read(): QueuedMessage[] {
    const { file } = this.#options;
    if (file === undefined || !existsSync(file)) return [];
    const waiting = new Map<string, QueuedMessage>();
    let lines: readonly string[] = [];
    this.#guard((path) => {
      lines = readFileSync(path, 'utf8').split('\n');
    });
    for (const line of lines) {
      // The last line may be cut off.
      const entry = parseLine(line);
      if (entry?.add !== undefined) waiting.set(entry.add.id, entry.add);
      if (entry?.done !== undefined) waiting.delete(entry.done);
    }
    return [...waiting.values()].slice(-this.#maxQueued);
  }
}

function parseLine(line: string): { readonly add?: QueuedMessage; readonly done?: string } | undefined {
  try {
    return JSON.parse(line) as { readonly add?: QueuedMessage; readonly done?: string };
  } catch {
    return undefined;
  }
}
