import type { Change, ChangeListener, Logger } from '../../core/index.ts';

interface Subscription {
  readonly name: string;
  readonly listener: ChangeListener;
  /** Changes up to this version were in the roster when the subscription began. */
  readonly sinceVersion: number;
  isEnded: boolean;
}

/**
 * Visible changes on their way to their listeners, in order and isolated from each other.
 *
 * A listener that throws is logged and counted; the others get the change, and whoever made it is not affected. A change that
 * a listener makes is delivered to all after the one that is being delivered.
 */
export class ChangeFeed {
  /** Errors of listeners so far, by the name of their reader. */
  readonly errors: Map<string, number> = new Map();
  readonly #logger: Logger;
  #subscriptions: readonly Subscription[] = [];
  /** What listeners changed while changes are being delivered. */
  #queue: (readonly Change[])[] = [];
  #isDelivering = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  subscribe(name: string, listener: ChangeListener, sinceVersion: number): () => void {
    const subscription: Subscription = { name, listener, sinceVersion, isEnded: false };
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => {
      subscription.isEnded = true;
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
    };
  }

  publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    if (this.#isDelivering) {
      this.#queue.push(changes);
      return;
    }
    this.#isDelivering = true;
    this.#deliver(changes);
    while (this.#queue.length > 0) {
      const queued = this.#queue;
      this.#queue = [];
      for (const batch of queued) this.#deliver(batch);
    }
    this.#isDelivering = false;
  }

  #deliver(changes: readonly Change[]): void {
    const version = changes[0]?.version ?? 0;
    for (const subscription of this.#subscriptions) {
      if (subscription.isEnded || version <= subscription.sinceVersion) continue;
      try {
        subscription.listener(changes);
      } catch (error) {
        this.#failed(subscription.name, error);
      }
    }
  }

  #failed(name: string, error: unknown): void {
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
    this.#logger.error({ err: error, sink: name }, 'a listener of presence changes failed');
  }
}
