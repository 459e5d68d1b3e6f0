import type { Contribution } from '../../src/core/index.ts';
import type {
  Engine,
  EngineListener,
  EngineTime,
  MemberRecord,
  Publication,
  Snapshot,
  Stored,
} from '../../src/sources/cluster/index.ts';
import type { ManualClock } from './manual-clock.ts';
import type { ManualTimers } from './manual-timers.ts';

const reconnectMs = 200;

/** What happens to one message to one member. */
export type Fate = 'arrives' | 'is dropped' | 'arrives twice' | 'is late';

/** Chooses faults: a number from 0 (no fault) for each decision. */
export type Choose = (upTo: number) => number;

const fates: readonly Fate[] = ['arrives', 'is dropped', 'arrives twice', 'is late'];

/**
 * An engine that violates its contract while it is faulty: it drops, repeats and reorders messages, loses any part of what
 * it holds, delivers garbage, refuses writes, and its clock can be set to anything.
 */
export class FaultyHub {
  /** Added to the clock of the engine. */
  skewMs = 0;
  readonly #clock: ManualClock;
  readonly #engines = new Set<FaultyEngine>();
  #registers = new Map<string, Contribution>();
  #records = new Map<string, MemberRecord>();
  #choose: Choose | undefined;
  isFull = false;

  readonly #timers: ManualTimers;

  constructor(clock: ManualClock, timers: ManualTimers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  later(run: () => void): void {
    this.#timers.after(reconnectMs, run);
  }

  engine(): Engine {
    const engine = new FaultyEngine(this);
    this.#engines.add(engine);
    return engine;
  }

  /** Turns faults on or off. */
  setFaults(choose: Choose | undefined): void {
    this.#choose = choose;
  }

  /** Drops every register for which `keeps` returns false. */
  forget(keeps: () => boolean): void {
    this.#registers = new Map([...this.#registers].filter(keeps));
    this.#records = new Map([...this.#records].filter(keeps));
  }

  /** Breaks the connections for which `breaks` returns true; they are back soon, with a snapshot. */
  reconnect(breaks: () => boolean): void {
    for (const engine of this.#engines) if (breaks()) engine.reconnect();
  }

  /** Delivers what is late, the latest first. */
  deliverLate(): void {
    for (const engine of this.#engines) engine.deliverLate();
  }

  /** Delivers garbage to every member, as if one had published it. */
  spoil(publication: Publication): void {
    for (const { memberId, key, ...rest } of publication.contributions)
      this.#registers.set(`${memberId} ${key}`, { memberId, key, ...rest });
    for (const engine of this.#engines) engine.hear(copyOf(publication));
  }

  /** Any register that it holds. */
  registers(): readonly Contribution[] {
    return [...this.#registers.values()];
  }

  snapshot(): Snapshot {
    return copyOf({ records: [...this.#records.values()], contributions: this.registers() });
  }

  stored(memberId: string): Stored {
    const held = this.registers().filter((register) => register.memberId === memberId);
    return new Map(held.map(({ key, stamp }) => [key, stamp]));
  }

  time(): EngineTime {
    const { monoMs, wallMs } = this.#clock.now();
    return { monoMs, engineMs: wallMs + this.skewMs, uncertaintyMs: 1 };
  }

  publish(publication: Publication): void {
    for (const contribution of publication.contributions)
      if (this.#fate() !== 'is dropped') this.#store(copyOf(contribution));
    const { record } = publication;
    if (record !== undefined && this.#fate() !== 'is dropped')
      this.#records.set(record.memberId, copyOf(record));
    for (const engine of this.#engines) engine.arrive(copyOf(publication), this.#fate());
  }

  leave(engine: FaultyEngine): void {
    this.#engines.delete(engine);
  }

  #store(contribution: Contribution): void {
    const { memberId, key, view, stamp } = contribution;
    const id = `${memberId} ${key}`;
    if (view === undefined && stamp.memberId === memberId) this.#registers.delete(id);
    else this.#registers.set(id, contribution);
  }

  #fate(): Fate {
    return fates[this.#choose?.(fates.length) ?? 0] ?? 'arrives';
  }
}

class FaultyEngine implements Engine {
  readonly kind = 'memory';
  readonly #hub: FaultyHub;
  #listener: EngineListener | undefined;
  #late: Publication[] = [];
  #isConnected = false;

  constructor(hub: FaultyHub) {
    this.#hub = hub;
  }

  start(listener: EngineListener): void {
    this.#listener = listener;
    queueMicrotask(() => this.#begin());
  }

  async publish(publication: Publication): Promise<void> {
    if (!this.#isConnected) throw new Error('the engine cannot be reached');
    if (this.#hub.isFull) {
      this.reconnect();
      throw new Error('OOM');
    }
    this.#hub.publish(publication);
  }

  async time(): Promise<EngineTime> {
    return this.#hub.time();
  }

  async stored(memberId: string): Promise<Stored> {
    return this.#hub.stored(memberId);
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    this.#hub.leave(this);
  }

  reconnect(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#hub.later(() => this.#begin());
    this.#listener?.disconnected('the connection was cut');
  }

  arrive(publication: Publication, fate: Fate): void {
    if (fate === 'is dropped') return;
    if (fate === 'is late') this.#late.unshift(publication);
    else this.hear(publication);
    if (fate === 'arrives twice') this.hear(copyOf(publication));
  }

  hear(publication: Publication): void {
    if (this.#isConnected) this.#listener?.message(publication);
  }

  deliverLate(): void {
    for (const publication of this.#late.splice(0)) this.hear(publication);
  }

  #begin(): void {
    this.#isConnected = true;
    this.#listener?.snapshot(this.#hub.snapshot(), this.#hub.time());
  }
}

/** A value after a round trip through JSON. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
