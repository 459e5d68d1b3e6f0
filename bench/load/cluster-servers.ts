import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Engines that can be measured. */
export type EngineName = 'redis' | 'nats';

/** One engine and several gateways, all processes of their own. */
export interface ClusterServers {
  /** Ports of the gateways. */
  readonly ports: readonly number[];
  readonly token: string;
  readonly pids: readonly number[];
  /** Ends the engine at once; it has lost everything when it starts again. */
  killEngine(): Promise<void>;
  startEngine(): Promise<void>;
  stop(): Promise<void>;
}

const TOKEN = 'benchmark-secret-0123456789abcdef';
const MAIN = fileURLToPath(new URL('../../bin/main.js', import.meta.url));
const ASK_EVERY_MS = 20;

/** Starts an engine and gateways that use it, and waits until all accept connections. */
export async function startCluster(engine: EngineName, gateways: number): Promise<ClusterServers> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  const enginePort = await freePort();
  let engineProcess: ChildProcess | undefined;
  const startEngine = async (): Promise<void> => {
    engineProcess = spawn(...engineCommand(engine, enginePort, folder), { cwd: folder, stdio: 'ignore' });
    await accepts(enginePort);
  };
  await startEngine();
  const ports: number[] = [];
  for (let index = 0; index < gateways; index++) ports.push(await freePort());
  const children = ports.map((port) => startGateway(port, `${engine}://127.0.0.1:${enginePort}`, folder));
  await Promise.all(ports.map(accepts));
  return {
    ports,
    token: TOKEN,
    pids: children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    killEngine: () => end(engineProcess, 'SIGKILL'),
    startEngine,
    async stop() {
      await Promise.all(children.map((child) => end(child, 'SIGTERM')));
      await end(engineProcess, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function engineCommand(engine: EngineName, port: number, folder: string): [string, string[]] {
  if (engine === 'nats')
    return ['nats-server', ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder]];
  return ['redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder]];
}

function startGateway(port: number, cluster: string, folder: string): ChildProcess {
  const settings = [
    '--port',
    String(port),
    '--cluster',
    cluster,
    '--requests-per-second',
    '0',
    '--log-level',
    'silent',
  ];
  return spawn(process.execPath, [MAIN, 'gateway', ...settings], {
    env: { ...process.env, XDG_STATE_HOME: folder, ROLLCALL_TOKEN: TOKEN },
    stdio: 'ignore',
  });
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function accepts(port: number): Promise<void> {
  while (!(await canConnect(port))) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
