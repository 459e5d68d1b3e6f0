import type { Dialect, ListedRow, Part, Reading } from './dialect.ts';
import type { BeaconFacts } from './facts.ts';
import { type Message, wholeOf } from './message.ts';
import type { Step, StepCache } from './step.ts';
import { View } from './view.ts';
import { type Endpoint, WebSocket } from './web-socket.ts';

/** What a client reports to its group. */
export interface ClientOptions {
  readonly dialect: Dialect;
  readonly endpoint: Endpoint;
  readonly part: Part;
  readonly readBuffer: Buffer;
  readonly steps: StepCache;
  /** The client got a newer state; `step` is absent when the message was only skimmed. */
  readonly onStep: (client: Client, step: Step | undefined) => void;
  readonly onAck: (client: Client, id: number) => void;
  /** Something that must not happen: the benchmark fails with it. */
  readonly onFailure: (why: string) => void;
}

/** One client of the server under load: connects, beacons, asks for lists, watches. */
export class Client {
  readonly part: Part;
  readonly view: View;
  /** Version of the newest state it received. */
  version = 0;
  /** Messages with rows after the hello. */
  updates = 0;
  readonly #options: ClientOptions;
  readonly #answers = new Map<number, (message: Message) => void>();
  #socket: WebSocket | undefined;
  #onHello: (() => void) | undefined;
  #nextListId = 1;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.part = options.part;
    this.view = new View(options.dialect);
  }

  /** Bytes received. */
  get bytes(): number {
    return this.#socket?.bytes ?? 0;
  }

  /** Parse whole messages, or only skim long ones. */
  keepWhole(keep: boolean): void {
    if (this.#socket) this.#socket.reader.keepWhole = keep;
  }

  /** Connects; resolves with the hello. */
  connect(keepWhole: boolean): Promise<void> {
    const { dialect, endpoint, part, readBuffer, steps, onFailure } = this.#options;
    const events = {
      open: () => this.#sendIfAny(dialect.opening(part)),
      message: (message: Message) => this.#receive(dialect.read(message, part), message),
      gone: (why: string) => onFailure(`${part.facts.instanceId} lost its connection: ${why}`),
    };
    return new Promise((resolve) => {
      this.#onHello = resolve;
      this.#socket = new WebSocket(endpoint, readBuffer, events, (start, length) =>
        steps.recall(start, length),
      );
      this.keepWhole(keepWhole);
    });
  }

  /** Sends beacons with one write; each is acknowledged by its id. */
  beacon(beacons: readonly { readonly id: number; readonly facts: BeaconFacts }[]): void {
    this.#socket?.send(...beacons.map(({ id, facts }) => this.#options.dialect.beacon(id, facts)));
  }

  /** Requests the list and resolves with the answer's bytes, which the caller may keep. */
  list(watch: Part['watch']): Promise<Buffer> {
    const id = this.#nextListId++;
    this.keepWhole(true);
    this.#socket?.send(this.#options.dialect.list(id, watch));
    return new Promise((resolve) => {
      this.#answers.set(id, (message) => resolve(wholeOf(message) ?? Buffer.from(message.head)));
    });
  }

  /** Requests `count` lists at once; `onAnswer` receives the length of each answer as it arrives. */
  requestLists(count: number, onAnswer: (bytes: number) => void): void {
    const ids = Array.from({ length: count }, () => this.#nextListId++);
    for (const id of ids) this.#answers.set(id, (message) => onAnswer(message.length));
    this.#socket?.send(...ids.map((id) => this.#options.dialect.list(id, this.part.watch)));
  }

  close(): void {
    this.#socket?.close();
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #sendIfAny(text: string | undefined): void {
    if (text !== undefined) this.#socket?.send(text);
  }

  #receive(reading: Reading, message: Message): void {
    switch (reading.kind) {
      case 'prompt':
        this.#socket?.send(reading.answer);
        break;
      case 'ack':
        this.#options.onAck(this, reading.id);
        break;
      case 'delta':
        this.#receiveDelta(reading, message);
        break;
      case 'full':
        this.#receiveList(reading.version, message);
        break;
      case 'hello':
        this.#receiveHello(reading, message);
        break;
      case 'answer':
        this.#receiveAnswer(reading.id, message);
        break;
      case 'refusal':
        this.#options.onFailure(`refused: ${reading.why}`);
        break;
      case 'other':
        break;
    }
  }

  #receiveHello({ version, hasRows }: Extract<Reading, { kind: 'hello' }>, message: Message): void {
    if (hasRows && this.part.watch !== 'none') this.#take(version, message);
    this.#onHello?.();
  }

  #receiveList(version: number, message: Message): void {
    this.updates++;
    if (version < this.version)
      this.#options.onFailure(`version went back from ${this.version} to ${version}`);
    this.#take(version, message);
  }

  #take(version: number, message: Message): void {
    const step = this.#options.steps.step(version, message);
    if (step) this.view.replace(step);
    this.version = version;
    this.#options.onStep(this, step);
  }

  #receiveDelta({ from, to }: Extract<Reading, { kind: 'delta' }>, message: Message): void {
    this.updates++;
    if (from !== 0 && to <= this.version) return;
    const step = this.#options.steps.step(to, message);
    if (from > this.version)
      this.#options.onFailure(`missed a delta: has ${this.version}, got ${from}..${to}`);
    else if (!step)
      this.#options.onFailure('a delta was skimmed; watchers of deltas must keep whole messages');
    else this.#applyDelta(from, to, step);
  }

  #applyDelta(from: number, to: number, step: Step): void {
    if (from === 0) this.view.replace(step);
    else this.view.apply(step);
    this.version = to;
    this.#options.onStep(this, step);
  }

  #receiveAnswer(id: number, message: Message): void {
    const onAnswer = this.#answers.get(id);
    this.#answers.delete(id);
    onAnswer?.(message);
  }
}

/** The rows of a list answer by key. */
export function listedRows(dialect: Dialect, answer: Buffer): Map<string, ListedRow> {
  const { upsert } = dialect.rows(answer.toString('utf8'));
  return new Map(upsert.map((row) => [dialect.keyOf(row), row]));
}
