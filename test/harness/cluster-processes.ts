import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../bench/servers/local-port.ts';
import type { InstanceView } from '../../src/core/index.ts';
import type { PresenceDelta } from '../../src/protocol/index.ts';
import { testToken } from './connect-params.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from './rollcall-process.ts';
import { WireClient } from './wire-client.ts';

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly cluster: {
    readonly state: 'up' | 'down';
    readonly gateways: { readonly live: number; readonly unreachable: number };
  };
}

/** How a gateway of a test cluster is started. */
export interface GatewayStart {
  readonly clusterUrl: string;
  /** How far its machine's wall clock is off, in seconds. */
  readonly skewSeconds?: number;
  /** Short by default, so that an end is detected quickly. */
  readonly leaseMs?: number;
  readonly args?: readonly string[];
}

/** A gateway of a cluster, a process of its own with a home of its own, which may be killed and started again. */
export class ClusterProcess {
  readonly port: number;
  readonly home: CommandHome;
  #process: RollcallProcess | undefined;
  readonly #clients: WireClient[] = [];
  readonly #start: GatewayStart;

  static async start(start: GatewayStart): Promise<ClusterProcess> {
    const gateway = new ClusterProcess(await freePort(), start);
    await gateway.start();
    return gateway;
  }

  private constructor(port: number, start: GatewayStart) {
    this.port = port;
    this.#start = start;
    this.home = createCommandHome();
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { clusterUrl, skewSeconds = 0, leaseMs = 1_500, args = [] } = this.#start;
    const env = { ...this.home.env, ROLLCALL_TOKEN: testToken, ROLLCALL_CLUSTER: clusterUrl };
    const flags = [
      '--port',
      String(this.port),
      '--cluster-lease-ms',
      String(leaseMs),
      '--log-level',
      'silent',
      ...args,
    ];
    const clock = skewSeconds === 0 ? {} : skewedClock(skewSeconds);
    this.#process = startRollcall(['gateway', ...flags], { ...env, ...clock });
    await this.#process.printed('Press Ctrl+C to stop.');
  }

  /** Its log so far, once `text` is in it. */
  async logged(text: string): Promise<string> {
    if (this.#process === undefined) throw new Error('the gateway does not run');
    return this.#process.logged(text);
  }

  /** Ends the process and waits for that. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#process?.kill(signal);
    await this.#process?.ended;
    this.#process = undefined;
  }

  async remove(): Promise<void> {
    for (const { socket } of this.#clients) socket.terminate();
    await this.end('SIGKILL');
    this.home.remove();
  }

  /** Connects a client that is listed. */
  async connect(instanceId: string, facts: Readonly<Record<string, unknown>> = {}): Promise<WireClient> {
    const client = this.#dial();
    await client.connect({ client: { instanceId, ...facts } });
    return client;
  }

  /** Connects a viewer that is not listed and records every change. */
  async watch(): Promise<Watcher> {
    const client = this.#dial();
    await client.connect({ client: { mode: 'cli' }, caps: ['presence-delta'] });
    return new Watcher(client);
  }

  /** Rows of clients, in order. */
  async rows(): Promise<readonly InstanceView[]> {
    const { instances } = await this.#ask<{ instances: readonly InstanceView[] }>('/api/v1/presence');
    return instances.filter(({ mode }) => mode !== 'gateway');
  }

  /** Rows of gateways, this one first. */
  async gateways(): Promise<readonly InstanceView[]> {
    const { instances } = await this.#ask<{ instances: readonly InstanceView[] }>('/api/v1/presence');
    return instances.filter(({ mode }) => mode === 'gateway');
  }

  readiness(): Promise<Readiness> {
    return this.#ask('/readyz');
  }

  async #ask<T>(path: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      headers: { authorization: `Bearer ${testToken}` },
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return (await response.json()) as T;
  }

  #dial(): WireClient {
    const client = new WireClient(this.url);
    this.#clients.push(client);
    return client;
  }
}

/** A viewer of one gateway. */
export class Watcher {
  readonly #client: WireClient;

  constructor(client: WireClient) {
    this.#client = client;
  }

  /** Keys of instances that this viewer saw leave: removed, or disconnected. */
  left(): readonly string[] {
    const deltas = this.#client.frames.flatMap((frame) =>
      frame.type === 'event' && frame.event === 'presence.delta' ? [frame.payload as PresenceDelta] : [],
    );
    return deltas.flatMap(({ upsert, remove }) => [
      ...remove,
      ...upsert.filter(({ disconnectedAtMs }) => disconnectedAtMs !== undefined).map(({ key }) => key),
    ]);
  }
}

/**
 * Environment that shifts the wall clock of a process: the library of `faketime`. The program itself, which would name the file,
 * fails when a process that had its number before left its semaphore behind.
 */
function skewedClock(seconds: number): Readonly<Record<string, string>> {
  const offset = `${seconds > 0 ? '+' : ''}${seconds}s`;
  return { LD_PRELOAD: faketimeLibrary(), FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

function faketimeLibrary(): string {
  const folders = [
    '/usr/lib',
    ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name)),
    '/usr/lib64',
  ];
  const files = folders.map((folder) => join(folder, 'faketime', 'libfaketime.so.1'));
  const file = files.find((path) => existsSync(path));
  if (file === undefined) throw new Error('faketime is installed, but libfaketime.so.1 is not in /usr/lib');
  return file;
}
