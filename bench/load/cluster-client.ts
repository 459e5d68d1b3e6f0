import { WebSocket } from 'ws';

/** A row of a delta, as far as it is read. */
interface Row {
  readonly key: string;
  readonly tags?: readonly string[];
}

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly ok?: boolean;
  readonly event?: string;
  readonly error?: { readonly message: string };
  readonly payload?: { readonly upsert?: readonly Row[]; readonly instances?: readonly object[] };
}

/** A client of one gateway that sends beacons and sees rows. The number of a change travels as a tag. */
export class ClusterClient {
  /** Called for each row of each delta, and when it came. */
  onRow: (key: string, value: number, atMs: number) => void = () => {};
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (frame: Frame) => void>();
  #requests = 0;

  static async connect(port: number, token: string, index: number): Promise<ClusterClient> {
    const client = new ClusterClient(new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false }));
    await new Promise((resolve, reject) => client.#socket.once('open', resolve).once('error', reject));
    await client.ask('connect', {
      minProtocol: 4,
      maxProtocol: 4,
      client: { id: `bench-${index}`, version: '1.0.0', platform: 'linux', mode: 'cli' },
      role: 'operator',
      scopes: ['operator.read', 'operator.write'],
      caps: ['presence-delta'],
      auth: { token },
    });
    return client;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as Frame));
  }

  /** Beacons about a row. */
  async beacon(key: string, value: number): Promise<void> {
    await this.ask('system-event', {
      text: 'bench',
      instanceId: key,
      host: key,
      mode: 'ui',
      tags: [`n${value}`],
    });
  }

  /** All rows but those of gateways, as text. */
  async rows(): Promise<string> {
    const { instances = [] } = (await this.ask('presence.list', {})).payload ?? {};
    return JSON.stringify(instances.filter((row) => (row as { mode?: string }).mode !== 'gateway'));
  }

  ask(method: string, params: unknown): Promise<Frame> {
    const id = `r${++this.#requests}`;
    this.#socket.send(JSON.stringify({ type: 'req', id, method, params }));
    return new Promise((resolve, reject) => {
      this.#answers.set(id, (frame) =>
        frame.ok === true ? resolve(frame) : reject(new Error(`${method}: ${frame.error?.message}`)),
      );
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(frame: Frame): void {
    if (frame.type === 'res' && frame.id !== undefined) {
      this.#answers.get(frame.id)?.(frame);
      this.#answers.delete(frame.id);
    }
    if (frame.event !== 'presence.delta') return;
    const atMs = performance.now();
    for (const row of frame.payload?.upsert ?? []) this.onRow(row.key, numberOf(row), atMs);
  }
}

function numberOf({ tags: [tag = 'n-1'] = [] }: Row): number {
  return Number(tag.slice(1));
}
