import type { Clock, Contribution, DelayTimers } from '../../core/index.ts';
import { isOver } from './contribution-text.ts';
import type { Engine, Publication } from './engine.ts';
import { type Link, type LinkEvents, LinkedEngine } from './linked-engine.ts';
import type { MemberRecord } from './member-record.ts';

interface Subscriber {
  readonly receive: (publication: Publication) => void;
  readonly cut: (reason: string) => void;
}

/**
 * An engine in this process, the reference of the contract: for tests, and for several gateways in one process.
 *
 * Everything is serialized as JSON, as on a wire.
 */
export class MemoryHub {
  readonly #clock: Clock;
  readonly #subscribers = new Set<Subscriber>();
  #registers = new Map<string, Contribution>();
  #records = new Map<string, MemberRecord>();
  #isUp = true;

  /** @param clock the clock of the engine. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A member's engine on this hub. `isCut` returns whether this member cannot reach the hub now. */
  engine(options: {
    readonly clock: Clock;
    readonly delay: DelayTimers;
    readonly isCut?: () => boolean;
  }): Engine {
    const { clock, delay, isCut = () => false } = options;
    const newLink = (events: LinkEvents): Link => this.#newLink(events, clock, isCut);
    return new LinkedEngine({ kind: 'memory', newLink, delay, clock });
  }

  /** Stops or starts the hub; members are disconnected when it stops. */
  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    if (!isUp) this.disconnectAll('the hub was stopped');
  }

  /** Deletes everything, as an engine that restarts without its data. */
  clear(): void {
    this.#registers = new Map();
    this.#records = new Map();
  }

  disconnectAll(reason: string): void {
    for (const { cut } of [...this.#subscribers]) cut(reason);
  }

  #newLink(events: LinkEvents, clock: Clock, isCut: () => boolean): Link {
    const check = (): void => {
      if (!this.#isUp || isCut()) throw new Error('the hub cannot be reached');
    };
    const waiting: Publication[] = [];
    let receive = (publication: Publication): unknown => waiting.push(publication);
    const subscriber = {
      receive: (publication: Publication) => void receive(publication),
      cut: events.disconnected,
    };
    return {
      connect: async () => {
        check();
        this.#subscribers.add(subscriber);
      },
      read: async () => {
        check();
        return travelled({
          records: [...this.#records.values()],
          contributions: [...this.#registers.values()],
        });
      },
      publish: async (publication) => {
        check();
        this.#publish(travelled(publication));
      },
      stored: async (memberId) => {
        check();
        const held = [...this.#registers.values()].filter((register) => register.memberId === memberId);
        return new Map(held.map(({ key, stamp }) => [key, stamp]));
      },
      time: async () => {
        check();
        return { monoMs: clock.now().monoMs, engineMs: this.#clock.now().wallMs, uncertaintyMs: 0 };
      },
      begin: () => {
        receive = events.message;
        for (const publication of waiting.splice(0)) events.message(publication);
      },
      close: () => void this.#subscribers.delete(subscriber),
    };
  }

  #publish(publication: Publication): void {
    for (const contribution of publication.contributions) {
      const id = JSON.stringify([contribution.memberId, contribution.key]);
      if (isOver(contribution)) this.#registers.delete(id);
      else this.#registers.set(id, contribution);
    }
    const { record } = publication;
    if (record !== undefined) this.#records.set(record.memberId, record);
    for (const { receive } of [...this.#subscribers]) receive(travelled(publication));
  }
}

function travelled<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
