import { WebSocket } from 'ws';
import type { Findings } from './findings.ts';
import { Replay } from './replay.ts';

/** Who a client is. */
export interface Identity {
  readonly instanceId?: string;
  readonly host: string;
  readonly mode: string;
  readonly role?: 'operator' | 'node';
  readonly scopes?: readonly string[];
  readonly deltas?: boolean;
}

interface Answer {
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly error?: { readonly message: string };
}

interface Frame extends Answer {
  readonly type: string;
  readonly id?: string;
  readonly event?: string;
  readonly seq?: number;
  readonly stateVersion?: { readonly presence: number };
}

/** A client that keeps to the rules, counts its requests and looks at everything that it is told. */
export class HonestClient {
  readonly identity: Identity;
  readonly replay: Replay = new Replay();
  readonly #socket: WebSocket;
  readonly #findings: Findings;
  readonly #waiting = new Map<string, (answer: Answer | undefined) => void>();
  readonly #closed: Promise<void>;
  #isLeaving = false;
  #requests = 0;
  #seq = 0;
  #version = 0;

  private constructor(url: string, identity: Identity, findings: Findings) {
    this.identity = identity;
    this.#findings = findings;
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('error', (error) => this.#fault(error.message));
    this.#closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => {
        if (!this.#isLeaving) this.#fault(`closed with ${code} ${reason}`);
        for (const answer of this.#waiting.values()) answer(undefined);
        resolve();
      });
    });
  }

  /** Connects; a refusal is a fault, and the client stays without a connection. */
  static async connect(
    url: string,
    token: string,
    identity: Identity,
    findings: Findings,
  ): Promise<HonestClient> {
    const client = new HonestClient(url, identity, findings);
    const challenged = new Promise<void>((resolve) => {
      client.#socket.on('message', (data) => {
        resolve();
        client.#take(JSON.parse(String(data)) as Frame);
      });
    });
    await Promise.race([challenged, client.#closed]);
    await client.ask('connect', connectParams(token, identity));
    return client;
  }

  /** Sends a request and waits for its answer; one that never comes is not counted as answered. */
  ask(method: string, params?: unknown): Promise<Answer> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.resolve({ ok: false });
    this.#requests += 1;
    const id = `r${this.#requests}`;
    const answered = this.#findings.ask();
    return new Promise((resolve) => {
      this.#waiting.set(id, (answer) => {
        if (answer === undefined) return resolve({ ok: false });
        answered();
        if (!answer.ok) this.#fault(`${method} was refused: ${answer.error?.message}`);
        resolve(answer);
      });
      this.#socket.send(JSON.stringify({ type: 'req', id, method, params }));
    });
  }

  /** Says goodbye, or vanishes. */
  async leave({ abruptly = false }: { readonly abruptly?: boolean } = {}): Promise<void> {
    this.#isLeaving = true;
    if (abruptly) this.#socket.terminate();
    else this.#socket.close(1000);
    await this.#closed;
  }

  #take(frame: Frame): void {
    if (frame.type === 'res') {
      this.#waiting.get(frame.id ?? '')?.(frame);
      this.#waiting.delete(frame.id ?? '');
    } else if (frame.event !== 'connect.challenge') {
      this.#event(frame);
    }
  }

  #event({ event, seq, stateVersion, payload }: Frame): void {
    if (seq !== this.#seq + 1) this.#fault(`event ${seq} came after ${this.#seq}`);
    this.#seq = seq ?? 0;
    const version = stateVersion?.presence;
    if (version === undefined) return;
    if (version <= this.#version) this.#fault(`version ${version} came after ${this.#version}`);
    this.#version = version;
    if (event === 'presence.delta') this.replay.apply(payload);
  }

  #fault(what: string): void {
    this.#findings.fault(`${this.identity.host}: ${what}`);
  }
}

function connectParams(token: string, identity: Identity): object {
  const { instanceId, host, mode, role = 'operator', scopes = ['operator.read'], deltas = false } = identity;
  return {
    minProtocol: 3,
    maxProtocol: 4,
    client: { id: 'soak', displayName: host, version: '1.0.0', platform: 'test', mode, instanceId },
    role,
    scopes: role === 'node' ? [] : scopes,
    caps: deltas ? ['presence-delta'] : [],
    auth: { token },
  };
}
