import type { Clock } from '../core/index.ts';
import type { Delay } from './delay.ts';
import type { Engine, EngineListener, EngineTime, Picture, Publication } from './engine.ts';
import { explained } from './engine-fault.ts';

/** What one connection to an engine hears. */
export interface LinkEvents {
  readonly said: (publication: Publication) => void;
  /** The connection is of no use any more. */
  readonly lost: (reason: string) => void;
}

/** One connection to an engine, from opening to its first fault; it does not reconnect. */
export interface Link {
  /** What the engine held when the connection was opened. */
  readonly picture: Picture;
  publish(publication: Publication): Promise<void>;
  time(): Promise<EngineTime>;
  /** Tells from now on what came after the picture, from the first on. */
  begin(): void;
  close(): void;
}

/** Opens a connection; rejects when that fails. Must not leave anything behind then. */
export type OpenLink = (events: LinkEvents) => Promise<Link>;

export interface LinkedEngineOptions {
  readonly kind: Engine['kind'];
  readonly open: OpenLink;
  readonly delay: Delay;
  readonly clock: Clock;
}

/** An answer that takes longer means that the connection is dead. */
const answerMs = 2_000;
/** Opening takes several answers. */
const openMs = 3_000;
const firstRetryMs = 100;
const longestRetryMs = 400;

/**
 * An engine that is reached by connections which may break: opens one after the other until it is closed.
 *
 * Whatever fails ends the connection. The next one starts with a picture, so that there is one way to heal.
 */
export class LinkedEngine implements Engine {
  readonly kind: Engine['kind'];
  readonly #options: LinkedEngineOptions;
  #listener: EngineListener | undefined;
  #link: Link | undefined;
  /** Counts connections: what an old one says is not heard. */
  #turn = 0;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: LinkedEngineOptions) {
    this.kind = options.kind;
    this.#options = options;
  }

  start(listener: EngineListener): void {
    if (this.#listener !== undefined) throw new TypeError('an engine is started once');
    this.#listener = listener;
    void this.#open();
  }

  async publish(publication: Publication): Promise<void> {
    await this.#answer((link) => link.publish(publication));
  }

  time(): Promise<EngineTime> {
    return this.#answer((link) => link.time());
  }

  async close(): Promise<void> {
    this.#turn = Number.POSITIVE_INFINITY;
    this.#cancelRetry?.();
    this.#link?.close();
    this.#link = undefined;
  }

  async #open(): Promise<void> {
    const turn = ++this.#turn;
    const isCurrent = (): boolean => turn === this.#turn;
    const lost = (reason: string): void => {
      if (isCurrent()) this.#lose(reason);
    };
    const said = (publication: Publication): void => {
      if (isCurrent()) this.#listener?.said(publication);
    };
    const opening = this.#options.open({ said, lost });
    try {
      const link = await this.#within(openMs, opening);
      const time = await this.#within(answerMs, link.time());
      if (!isCurrent()) return link.close();
      this.#link = link;
      this.#failures = 0;
      this.#listener?.picture(link.picture, time);
      link.begin();
    } catch (error) {
      // It may still open one day, when nobody wants it any more.
      opening.then((late) => late.close()).catch(() => {});
      lost(messageOf(error));
    }
  }

  #lose(fault: string): void {
    const reason = this.#link === undefined ? explained(fault) : fault;
    this.#turn += 1;
    this.#link?.close();
    this.#link = undefined;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry = this.#options.delay.after(waitMs, () => void this.#open());
    this.#listener?.lost(reason);
  }

  async #answer<T>(ask: (link: Link) => Promise<T>): Promise<T> {
    const link = this.#link;
    if (link === undefined) throw new Error('the engine cannot be reached');
    try {
      return await this.#within(answerMs, ask(link));
    } catch (error) {
      if (link === this.#link) this.#lose(messageOf(error));
      throw error;
    }
  }

  #within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.delay.after(limitMs, () =>
        reject(new Error(`no answer within ${limitMs / 1000} s`)),
      );
      promise.then(resolve, reject).finally(cancel);
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
