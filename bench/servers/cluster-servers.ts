import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from './end-process.ts';
import { type ServerKind, startEngineServer } from './engine-server.ts';
import { accepting, freePort } from './local-port.ts';

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

const MAIN = fileURLToPath(new URL('../../bin/main.js', import.meta.url));

/** Starts an engine and gateways that use it, and waits until all accept connections. */
export async function startCluster(kind: ServerKind, gateways: number): Promise<ClusterServers> {
  const engine = await startEngineServer(kind);
  const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  const token = randomUUID();
  const ports: number[] = [];
  for (let index = 0; index < gateways; index++) ports.push(await freePort());
  const environment = { XDG_STATE_HOME: folder, ROLLCALL_TOKEN: token, ROLLCALL_CLUSTER: engine.url };
  const children = ports.map((port) => startGateway(port, environment));
  await Promise.all(ports.map(accepting));
  return {
    ports,
    token,
    pids: children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    killEngine: () => engine.kill(),
    startEngine: () => engine.start(),
    async stop() {
      await Promise.all(children.map((child) => endProcess(child, 'SIGTERM')));
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startGateway(port: number, environment: Readonly<Record<string, string>>): ChildProcess {
  const unlimited = ['--requests-per-second', '0', '--max-new-instances-per-minute', '0'];
  const settings = ['--port', String(port), ...unlimited, '--log-level', 'silent'];
  return spawn(process.execPath, [MAIN, 'gateway', ...settings], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
}
