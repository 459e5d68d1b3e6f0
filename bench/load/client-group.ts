import type { Contender } from '../contender.ts';
import type { ServerUnderTest } from '../job.ts';
import { bareDialect } from './bare-dialect.ts';
import { Client, listedRows } from './client.ts';
import type { Dialect, Part } from './dialect.ts';
import { clientFacts } from './facts.ts';
import { gatewayDialect, signedGatewayDialect } from './gateway-dialect.ts';
import { socketIoDialect } from './socketio-dialect.ts';
import { type Step, StepCache } from './step.ts';
import { difference } from './view.ts';
import { sharedReadBuffer } from './web-socket.ts';

const DIALECTS: Readonly<Record<Contender['dialect'], Dialect>> = {
  bare: bareDialect,
  socketio: socketIoDialect,
  gateway: gatewayDialect,
  'signed-gateway': signedGatewayDialect,
};
/** Handshakes under way at a time: a storm, but below every accept queue. */
const HANDSHAKES_AT_ONCE = 128;
const SOURCE_ADDRESSES = 16;

/** Which clients to open. */
export interface GroupPlan {
  readonly count: number;
  /** Index of the first client; its facts and rows are numbered from here. */
  readonly firstIndex?: number;
  readonly listed: boolean;
  readonly watch: (position: number) => Part['watch'];
  /** These parse what they receive at once; the others may skim. */
  readonly isSampler?: (position: number) => boolean;
}

/** Called with every newer state that a client received. */
export type StepListener = (client: Client, step: Step | undefined) => void;

/** All clients of one measurement and what they share. */
export class ClientGroup {
  readonly dialect: Dialect;
  readonly clients: Client[] = [];
  readonly samplers: Set<Client> = new Set();
  onStep: StepListener = () => {};
  onAck: (client: Client, id: number) => void = () => {};
  /** Rejects as soon as something happens that must not. */
  readonly broken: Promise<never>;
  readonly #server: ServerUnderTest;
  readonly #handshakesAtOnce: number;
  readonly #steps: StepCache;
  readonly #readBuffer = sharedReadBuffer();
  #break: (error: Error) => void = () => {};

  constructor(contender: Contender, server: ServerUnderTest) {
    this.dialect = DIALECTS[contender.dialect];
    this.#server = server;
    this.#handshakesAtOnce = contender.handshakesAtOnce ?? HANDSHAKES_AT_ONCE;
    this.#steps = new StepCache(this.dialect);
    this.broken = new Promise((_, reject) => {
      this.#break = reject;
    });
    this.broken.catch(() => {});
  }

  /** Opens clients as fast as the server sends hellos; resolves when all received one. */
  async open(plan: GroupPlan): Promise<Client[]> {
    const opened = Array.from({ length: plan.count }, (_, position) => this.#newMember(plan, position));
    const queue = opened.values();
    const shake = async () => {
      for (const client of queue)
        await client.connect(client.part.watch === 'delta' || this.samplers.has(client));
    };
    const handshakes = Promise.all(Array.from({ length: this.#handshakesAtOnce }, shake));
    await this.unlessBroken(handshakes, 'all clients are greeted', 600_000);
    return opened;
  }

  /** A short-lived client: listed, without changes, no member of the group. Not connected yet. */
  newVisitor(index: number): Client {
    return this.#newClient(index, true, 'none');
  }

  /** Waits for something, or throws when the group breaks or after a timeout. */
  async unlessBroken<T>(something: Promise<T>, what: string, timeoutMs = 120_000): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited ${timeoutMs / 1000} s until ${what}`)), timeoutMs);
    });
    try {
      return await Promise.race([something, this.broken, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the measurement with a reason. */
  fail(why: string): void {
    this.#break(new Error(why));
  }

  /** Bytes that all clients received. */
  bytes(): number {
    return this.clients.reduce((sum, client) => sum + client.bytes, 0);
  }

  /** Requests the server's list and throws when a watcher's view differs. */
  async verify(): Promise<void> {
    for (const watch of ['delta', 'full'] as const) {
      const watchers = this.clients.filter((client) => client.part.watch === watch);
      if (watchers.length > 0) await this.#verifyWatchers(watch, watchers);
    }
  }

  /** Bytes of the server's list as this kind of watcher would get it. */
  async listBytes(watch: Part['watch']): Promise<number> {
    return (await this.#list(watch)).length;
  }

  /** Drops every connection. */
  close(): void {
    for (const client of this.clients) client.destroy();
  }

  async #verifyWatchers(watch: Part['watch'], watchers: readonly Client[]): Promise<void> {
    const list = listedRows(this.dialect, await this.#list(watch));
    for (const client of watchers) {
      const found = difference(client.view.rows(), list);
      const who = client.part.facts.instanceId;
      if (found)
        throw new Error(`the view of ${who} differs from the server's list of ${list.size} rows: ${found}`);
    }
  }

  #list(watch: Part['watch']): Promise<Buffer> {
    const [first] = this.clients;
    if (!first) throw new Error('no client to ask for the list');
    return this.unlessBroken(first.list(watch), 'the server answers with its list');
  }

  #newMember(plan: GroupPlan, position: number): Client {
    const index = (plan.firstIndex ?? 0) + position;
    const client = this.#newClient(index, plan.listed, plan.watch(position));
    if (plan.isSampler?.(position)) this.samplers.add(client);
    this.clients.push(client);
    return client;
  }

  #newClient(index: number, listed: boolean, watch: Part['watch']): Client {
    const { port, token } = this.#server;
    return new Client({
      dialect: this.dialect,
      endpoint: { port, path: this.dialect.path, localAddress: `127.0.0.${1 + (index % SOURCE_ADDRESSES)}` },
      part: { facts: clientFacts(index), listed, watch, token },
      readBuffer: this.#readBuffer,
      steps: this.#steps,
      onStep: (self, step) => this.onStep(self, step),
      onAck: (self, id) => this.onAck(self, id),
      onFailure: (why) => this.fail(why),
    });
  }
}

/** What the watcher at this position receives from a contender. */
export function watchOf(contender: Contender, position: number): Part['watch'] {
  if (contender.audience !== 'half') return contender.audience;
  return position % 2 === 0 ? 'delta' : 'full';
}
