import type { Client } from './client.ts';
import type { ClientGroup } from './client-group.ts';
import type { BeaconFacts } from './facts.ts';
import type { SentBeacons } from './sent-beacons.ts';

/** How beacons are sent. */
export interface Drive {
  /** Unacknowledged beacons at a time, over all producers. */
  readonly inFlight: number;
  /** Called before each beacon with the number sent so far in this run. */
  readonly goOn: (sent: number) => boolean;
}

interface Producer {
  readonly client: Client;
  nextRow: number;
  /** Acknowledged since the last write: this many may follow. */
  credit: number;
}

/** Clients that beacon about rows, each row always by the same client so that its beacons stay in order. */
export class Producers {
  /** Beacons acknowledged so far. */
  acknowledged = 0;
  readonly #group: ClientGroup;
  readonly #beacons: SentBeacons;
  readonly #producers: readonly Producer[];
  readonly #byClient: ReadonlyMap<Client, Producer>;
  #sent = 0;
  #idle: (() => void) | undefined;
  #drive: { readonly drive: Drive; readonly sentBefore: number } | undefined;

  constructor(group: ClientGroup, clients: readonly Client[], beacons: SentBeacons) {
    this.#group = group;
    this.#beacons = beacons;
    this.#producers = clients
      .slice(0, beacons.rows)
      .map((client, row) => ({ client, nextRow: row, credit: 0 }));
    this.#byClient = new Map(this.#producers.map((producer) => [producer.client, producer]));
    group.onAck = (client) => this.#acknowledge(client);
  }

  /** Sends closed loop until it is to stop; resolves when every beacon is acknowledged. */
  async run(drive: Drive): Promise<void> {
    this.#drive = { drive, sentBefore: this.#sent };
    const each = Math.max(1, Math.floor(drive.inFlight / this.#producers.length));
    for (const producer of this.#producers) this.#send(producer, each);
    await this.#allAcknowledged();
    this.#drive = undefined;
  }

  /** Sends open loop at a steady rate, whatever the answers do; resolves when every beacon is acknowledged. */
  async pace(perSecond: number, forMs: number): Promise<void> {
    const startedAtMs = performance.now();
    const total = Math.round((perSecond * forMs) / 1_000);
    for (let sent = 0; sent < total; ) {
      const due = Math.floor(((performance.now() - startedAtMs) * perSecond) / 1_000) + 1;
      for (; sent < Math.min(due, total); sent++) this.#sendOne(sent);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await this.#allAcknowledged();
  }

  #sendOne(turn: number): void {
    const producer = this.#producers[turn % this.#producers.length];
    if (producer) this.#write(producer, [this.#nextBeacon(producer)]);
  }

  #allAcknowledged(): Promise<void> {
    const acknowledged = new Promise<void>((resolve) => {
      this.#idle = resolve;
      if (this.acknowledged === this.#sent) resolve();
    });
    return this.#group.unlessBroken(acknowledged, 'every beacon is acknowledged', 600_000);
  }

  #acknowledge(client: Client): void {
    const producer = this.#byClient.get(client);
    if (!producer) return;
    this.acknowledged++;
    if (this.#drive && producer.credit++ === 0) queueMicrotask(() => this.#send(producer, producer.credit));
    if (!this.#drive && this.acknowledged === this.#sent) this.#idle?.();
  }

  /** Sends as many beacons as one read acknowledged, with one write. */
  #send(producer: Producer, atMost: number): void {
    producer.credit = 0;
    const beacons = [];
    while (beacons.length < atMost && this.#mayGoOn()) beacons.push(this.#nextBeacon(producer));
    this.#write(producer, beacons);
    if (this.acknowledged === this.#sent) this.#idle?.();
  }

  #mayGoOn(): boolean {
    return this.#drive?.drive.goOn(this.#sent - this.#drive.sentBefore) ?? false;
  }

  #nextBeacon(producer: Producer): { readonly id: number; readonly facts: BeaconFacts } {
    const row = producer.nextRow;
    producer.nextRow = row + this.#producers.length;
    if (producer.nextRow >= this.#beacons.rows) producer.nextRow %= this.#producers.length;
    this.#sent++;
    return { id: this.#sent, facts: this.#beacons.next(row, performance.now()) };
  }

  #write(producer: Producer, beacons: readonly { readonly id: number; readonly facts: BeaconFacts }[]): void {
    if (beacons.length > 0) producer.client.beacon(beacons);
  }
}
