import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from './end-process.ts';
import { accepting, freePort } from './local-port.ts';

/** Engines that run as a server of their own. */
export type ServerKind = 'redis' | 'nats';

/** The program of an engine. */
export const serverPrograms: Readonly<Record<ServerKind, string>> = {
  redis: 'redis-server',
  nats: 'nats-server',
};

/** A server of a cluster engine, on a port of its own, which loses its data when it stops. */
export interface EngineServer {
  /** With credentials, which it requires. */
  readonly url: string;
  readonly port: number;
  /** Its address by way of another port. */
  urlVia(port: number): string;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Suspends or resumes its process: its sockets stay open. */
  freeze(isFrozen: boolean): void;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** How a server is started; by default without TLS, with a password. */
export type ServerArguments = (port: number, folder: string) => readonly string[];

/** Starts a `redis-server` or `nats-server` on a free port and waits until it accepts connections. */
export async function startEngineServer(
  kind: ServerKind,
  argumentsOf: ServerArguments = usualArguments[kind],
): Promise<EngineServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `rollcall-${kind}-`));
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child !== undefined) await endProcess(child, 'SIGKILL');
  };
  const start = async (): Promise<void> => {
    child = spawn(serverPrograms[kind], argumentsOf(port, folder), { cwd: folder, stdio: 'ignore' });
    await accepting(port);
  };
  await start();
  const urlVia = (by: number): string =>
    `${kind}://${kind === 'nats' ? 'rollcall' : ''}:${password}@127.0.0.1:${by}`;
  return {
    url: urlVia(port),
    port,
    urlVia,
    kill,
    freeze: (isFrozen) => void child?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT'),
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const password = 's3cret';

/** A Redis on loopback that writes nothing to disk. */
export const bareRedis: readonly string[] = ['--bind', '127.0.0.1', '--save', ''];

const usualArguments: Readonly<Record<ServerKind, ServerArguments>> = {
  redis: (port, folder) => [
    ...bareRedis,
    ...['--port', String(port), '--dir', folder, '--requirepass', password],
  ],
  nats: (port, folder) => [
    ...['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
    ...['--user', 'rollcall', '--pass', password],
  ],
};
