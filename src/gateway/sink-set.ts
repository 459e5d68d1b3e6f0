import type { Logger, PresenceReader, Sink, Timers } from '../core/index.ts';

export interface SinkSetOptions {
  /** Sinks of the gateway's own and then those of its owner, in the order in which they start. */
  readonly sinks: readonly Sink[];
  readonly readerFor: (name: string) => PresenceReader;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** The sinks that the owner of a gateway added: started in their order before it listens, closed together at its end. */
export class SinkSet {
  readonly #options: SinkSetOptions;
  readonly #started: Sink[] = [];

  /** Throws `TypeError` for a sink without a name, and for two of one name. */
  constructor(options: SinkSetOptions) {
    this.#options = options;
    const names = new Set<string>();
    for (const { name } of options.sinks) {
      if (typeof name !== 'string' || name.trim() === '')
        throw new TypeError('sinks: a sink must have a name');
      if (names.has(name)) throw new TypeError(`sinks: two sinks have the name ${name}`);
      names.add(name);
    }
  }

  /** Rejects with what a sink threw; those that started before it are closed then. */
  async start(): Promise<void> {
    const { sinks, readerFor } = this.#options;
    for (const sink of sinks) {
      try {
        this.#started.push(sink);
        await sink.start(readerFor(sink.name));
      } catch (error) {
        await this.close(0);
        throw error;
      }
    }
  }

  /** Resolves when all are closed, or after `graceMs` milliseconds. */
  async close(graceMs: number): Promise<void> {
    const closing = this.#started.splice(0).map((sink) => this.#close(sink, graceMs));
    if (closing.length === 0) return;
    const { timers } = this.#options;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(graceMs, resolve);
      void Promise.all(closing).then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #close(sink: Sink, graceMs: number): Promise<void> {
    try {
      await sink.close(graceMs);
    } catch (error) {
      this.#options.logger.error({ err: error, sink: sink.name }, 'a sink could not be closed');
    }
  }
}
