import type { Change, Clock, PresenceReader, Timers } from '../../core/index.ts';
import type { Encoder, Flush, Subscriber } from './encoder.ts';
import type { MessageParts } from './roster-json.ts';

/** What the fan-out did, for metrics. */
export interface FanOutCounts {
  flushes: number;
  eventsSent: number;
  /** Events that were skipped for a reader who was behind (PL2). */
  conflated: number;
}

export interface FanOutOptions {
  readonly presence: PresenceReader;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Longest wait of a busy gateway before a flush, milliseconds (PE1). */
  readonly maxCoalesceMs: number;
}

/** Timers know no shorter wait. */
const shortestWaitMs = 1;
/** How many times longer a gateway waits while subscribers arrive, so that one flush serves more of them (PE1). */
const arrivalFactor = 4;

/**
 * Sends visible changes to subscribers in flushes (PE1).
 *
 * Changes are collected, the last one of a row wins, and a flush sends them all: one message is made for
 * everybody of an encoder, and each subscriber gets one event with its own sequence number at the end.
 */
export class FanOut {
  readonly counts: FanOutCounts = { flushes: 0, eventsSent: 0, conflated: 0 };
  readonly #options: FanOutOptions;
  readonly #subscribers = new Set<Subscriber>();
  /** The last change of each row since the last flush. */
  readonly #changed = new Map<string, Change>();
  #flushedVersion: number;
  /** The next flush is no earlier than this (PE1). */
  #nextFlushMonoMs = Number.NEGATIVE_INFINITY;
  #isScheduled = false;
  /** Everything is sent, and what arrived meanwhile is being received; the wait begins after it. */
  #isReceiving = false;
  /** A subscriber waits for its first snapshot. */
  #awaitsSnapshot = false;
  /** A subscriber was added since the last flush began. */
  #hasArrivals = false;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#flushedVersion = options.presence.version;
  }

  /** To be called with every visible change, in order. */
  collect(changes: readonly Change[]): void {
    for (const change of changes) this.#changed.set(change.key, change);
    this.#schedule();
  }

  /** A subscriber that has been sent everything up to its `sentVersion`. */
  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    this.#hasArrivals = true;
  }

  /** A subscriber that knows nothing yet: the next flush brings the whole state, made once for all who start together. */
  addWithSnapshot(subscriber: Subscriber): void {
    subscriber.sentVersion = 0;
    this.add(subscriber);
    this.#awaitsSnapshot = true;
    this.#schedule();
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
  }

  /** Brings one subscriber to the newest state at once: it has drained (PL2), or is no session. */
  sendSnapshot(subscriber: Subscriber): void {
    const { clock, presence } = this.#options;
    const { version } = presence;
    subscriber.needsSnapshot = false;
    subscriber.sentVersion = version;
    subscriber.sendEvent(subscriber.encoder.encodeSnapshot(version, clock.now()));
    this.counts.eventsSent += 1;
  }

  /** Sends everything that is waiting, now. */
  flush(): void {
    if (this.#isFlushNeeded) this.#flush();
  }

  get #isFlushNeeded(): boolean {
    return this.#changed.size > 0 || this.#awaitsSnapshot;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isReceiving) return;
    this.#isScheduled = true;
    const { clock, timers } = this.#options;
    const waitMs = this.#nextFlushMonoMs - clock.now().monoMs;
    const run = (): void => {
      this.#isScheduled = false;
      this.flush();
    };
    if (waitMs < shortestWaitMs) timers.soon(run);
    else timers.after(waitMs, run);
  }

  #flush(): void {
    const { clock, presence, timers } = this.#options;
    const now = clock.now();
    const { version } = presence;
    // Taken out first: a subscriber who is closed for being slow changes the roster while this flush is under way.
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    const messages = new FlushMessages({ from: this.#flushedVersion, to: version, now, changes });
    this.#flushedVersion = version;
    this.#awaitsSnapshot = false;
    this.#hasArrivals = false;
    for (const subscriber of this.#subscribers) {
      if (!this.#isDue(subscriber, version)) continue;
      const message = messages.for(subscriber);
      subscriber.sentVersion = version;
      subscriber.needsSnapshot = false;
      subscriber.sendEvent(message);
      this.counts.eventsSent += 1;
    }
    this.counts.flushes += 1;
    this.#isReceiving = true;
    timers.soon(() => this.#received(now.monoMs));
  }

  /** The event loop has come round since the flush: what the flush held up is part of its cost. */
  #received(startedMonoMs: number): void {
    this.#isReceiving = false;
    const { clock, maxCoalesceMs } = this.#options;
    const endedMonoMs = clock.now().monoMs;
    const waitMs = (endedMonoMs - startedMonoMs) * (this.#hasArrivals ? arrivalFactor : 1);
    this.#nextFlushMonoMs = endedMonoMs + Math.min(waitMs, maxCoalesceMs);
    if (this.#isFlushNeeded) this.#schedule();
  }

  #isDue(subscriber: Subscriber, version: number): boolean {
    if (subscriber.sentVersion >= version) return false;
    if (!subscriber.isBehind) return true;
    subscriber.needsSnapshot = true;
    this.counts.conflated += 1;
    return false;
  }
}

/** The messages of a flush, each made when the first subscriber needs it. */
class FlushMessages {
  readonly #flush: Flush;
  readonly #deltas = new Map<Encoder, MessageParts>();
  readonly #snapshots = new Map<Encoder, MessageParts>();

  constructor(flush: Flush) {
    this.#flush = flush;
  }

  /** The changes, for a subscriber that knows what was before them; the whole state for any other. */
  for({ encoder, sentVersion }: Subscriber): MessageParts {
    const { from, to, now } = this.#flush;
    const isSnapshot = sentVersion < from;
    const made = isSnapshot ? this.#snapshots : this.#deltas;
    const known = made.get(encoder);
    if (known !== undefined) return known;
    const message = isSnapshot ? encoder.encodeSnapshot(to, now) : encoder.encodeDelta(this.#flush);
    made.set(encoder, message);
    return message;
  }
}
