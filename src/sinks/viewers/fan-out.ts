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

/** When the next flush is due, by the monotonic clock (PE1). */
interface Wait {
  /** When it is due while no subscriber arrives. */
  readonly endMonoMs: number;
  /** When it is due though subscribers go on arriving. */
  readonly latestMonoMs: number;
  /** Past the end, it is due when none arrived for this long. */
  readonly gapMs: number;
}

/** Timers know no shorter wait. */
const shortestWaitMs = 1;
/** How many times longer a gateway waits at most while subscribers arrive, so that one flush serves more of them (PE1). */
const arrivalFactor = 4;
/** The part of its wait within which another subscriber has to arrive for a gateway to go on waiting (PE1). */
const arrivalGap = 1 / 4;

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
  /** The next flush is no earlier than the end of this, and no later when no subscriber arrives (PE1). */
  #wait: Wait = { endMonoMs: Number.NEGATIVE_INFINITY, latestMonoMs: Number.NEGATIVE_INFINITY, gapMs: 0 };
  #isScheduled = false;
  /** Everything is sent, and what arrived meanwhile is being received; the wait begins after it. */
  #isReceiving = false;
  /** A subscriber waits for a snapshot. */
  #awaitsSnapshot = false;
  /** A subscriber was added since the last flush began, or since the gateway last looked whether to go on waiting. */
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

  /** A subscriber has drained: if it missed a flush, the next one brings the newest state, made once for all who drained meanwhile (PL2). */
  drained(subscriber: Subscriber): void {
    if (!subscriber.needsSnapshot) return;
    this.#awaitsSnapshot = true;
    this.#schedule();
  }

  /** Brings one subscriber to the newest state at once. */
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
    this.#flushAt(this.#wait.endMonoMs);
  }

  #flushAt(monoMs: number): void {
    const { clock, timers } = this.#options;
    const waitMs = monoMs - clock.now().monoMs;
    if (waitMs < shortestWaitMs) timers.soon(() => this.#flushUnlessArriving());
    else timers.after(waitMs, () => this.#flushUnlessArriving());
  }

  /** The wait is over: flushes, or goes on for a while when a subscriber arrived, but not beyond the latest moment. */
  #flushUnlessArriving(): void {
    const { latestMonoMs, gapMs } = this.#wait;
    const { monoMs } = this.#options.clock.now();
    if (this.#hasArrivals && monoMs < latestMonoMs) {
      this.#hasArrivals = false;
      return this.#flushAt(Math.min(monoMs + gapMs, latestMonoMs));
    }
    this.#isScheduled = false;
    this.flush();
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
    const costMs = endedMonoMs - startedMonoMs;
    this.#wait = {
      endMonoMs: endedMonoMs + Math.min(costMs, maxCoalesceMs),
      latestMonoMs: endedMonoMs + Math.min(costMs * arrivalFactor, maxCoalesceMs),
      gapMs: Math.max(costMs * arrivalGap, shortestWaitMs),
    };
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
