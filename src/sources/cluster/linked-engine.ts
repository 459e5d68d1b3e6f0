import type { Clock, DelayTimers, MemberId } from '../../core/index.ts';
import type { Engine, EngineListener, EngineTime, Publication, Snapshot, Stored } from './engine.ts';
import { explained, isServerRefusal } from './engine-fault.ts';

/** Events of one connection to an engine. */
export interface LinkEvents {
  readonly message: (publication: Publication) => void;
  /** The connection is of no use any more. */
  readonly disconnected: (reason: string) => void;
}

/** One connection to an engine, from connecting to its first fault; it does not reconnect. */
export interface Link {
  /** Connects and signs in; rejects with the reason why not. */
  connect(): Promise<void>;
  /** Reads what the engine holds; no publication after it is missed. */
  read(): Promise<Snapshot>;
  publish(publication: Publication): Promise<void>;
  time(): Promise<EngineTime>;
  stored(memberId: MemberId): Promise<Stored>;
  /** Emits from now on what came after the snapshot, from the first publication on. */
  begin(): void;
  /** Ends it in any state; releases everything, and nothing is emitted afterwards. */
  close(): void;
}

export interface LinkedEngineOptions {
  readonly kind: Engine['kind'];
  /** Makes a connection, without connecting. Throws when its files cannot be read. */
  readonly newLink: (events: LinkEvents) => Link;
  readonly delay: DelayTimers;
  readonly clock: Clock;
}

/**
 * Longest time to connect and sign in. With {@link longestRetryMs} it bounds how long after the end of a cut network the first
 * attempt begins that can succeed: less than 2 s.
 */
export const connectMs = 1_500;
/** Reading takes several answers. */
const readMs = 3_000;
/** An answer that takes longer means that the connection is broken. */
const answerMs = 2_000;
const firstRetryMs = 100;
const longestRetryMs = 400;
/** For a server that answers and refuses: attempts are rarer, since no end of a network outage has to be noticed soon. */
const longestRefusedMs = 2_000;

/**
 * An engine whose connections may break: opens one after the other until it is closed.
 *
 * Whatever fails ends the connection. The next one starts with a snapshot, so that there is only one way of recovery.
 */
export class LinkedEngine implements Engine {
  readonly kind: Engine['kind'];
  readonly #options: LinkedEngineOptions;
  #listener: EngineListener | undefined;
  /** The connection that is not ready yet. */
  #opening: Link | undefined;
  #link: Link | undefined;
  /** Counts connections: what an old one emits is dropped. */
  #turn = 0;
  /** Attempts since something was stored: a server that is full can be read (PC16). */
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
    this.#failures = 0;
  }

  stored(memberId: MemberId): Promise<Stored> {
    return this.#answer((link) => link.stored(memberId));
  }

  time(): Promise<EngineTime> {
    return this.#answer((link) => link.time());
  }

  async close(): Promise<void> {
    this.#turn = Number.POSITIVE_INFINITY;
    this.#cancelRetry?.();
    this.#closeLink();
  }

  async #open(): Promise<void> {
    const turn = ++this.#turn;
    const isCurrent = (): boolean => turn === this.#turn;
    let isConnected = false;
    const lost = (reason: string, isRefusal = false): void => {
      if (isCurrent()) this.#lose(reason, isRefusal);
    };
    const message = (publication: Publication): void => {
      if (isCurrent()) this.#listener?.message(publication);
    };
    try {
      this.#opening = this.#options.newLink({ message, disconnected: (reason) => lost(reason) });
      await this.#within(connectMs, this.#opening.connect());
      isConnected = true;
      if (isCurrent()) await this.#begin(this.#opening, isCurrent);
    } catch (error) {
      lost(messageOf(error), isConnected && !(error instanceof NoAnswer));
    }
  }

  async #begin(link: Link, isCurrent: () => boolean): Promise<void> {
    const snapshot = await this.#within(readMs, link.read());
    const time = await this.#within(answerMs, link.time());
    if (!isCurrent()) return;
    this.#opening = undefined;
    this.#link = link;
    this.#listener?.snapshot(snapshot, time);
    link.begin();
  }

  /** @param isRefusal the server answers, and refuses the command. */
  #lose(fault: string, isRefusal = false): void {
    const isAnswer = isRefusal || isServerRefusal(fault);
    const reason = this.#link === undefined || isAnswer ? explained(fault) : fault;
    this.#turn += 1;
    this.#closeLink();
    const longestMs = isAnswer ? longestRefusedMs : longestRetryMs;
    const waitMs = Math.min(longestMs, firstRetryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry = this.#options.delay.after(waitMs, () => void this.#open());
    this.#listener?.disconnected(reason);
  }

  #closeLink(): void {
    this.#opening?.close();
    this.#link?.close();
    this.#opening = undefined;
    this.#link = undefined;
  }

  async #answer<T>(ask: (link: Link) => Promise<T>): Promise<T> {
    const link = this.#link;
    if (link === undefined) throw new Error('the engine cannot be reached');
    try {
      return await this.#within(answerMs, ask(link));
    } catch (error) {
      if (link === this.#link) this.#lose(messageOf(error), !(error instanceof NoAnswer));
      throw error;
    }
  }

  #within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.delay.after(limitMs, () =>
        reject(new NoAnswer(`no answer within ${limitMs / 1000} s`)),
      );
      promise.then(resolve, reject).finally(cancel);
    });
  }
}

class NoAnswer extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
