import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from './end-process.ts';
import { accepting, freePort } from './local-port.ts';

/** A gateway of ours with upstreams, a process of its own that collects garbage on SIGUSR2. */
export interface UpstreamGateway {
  readonly port: number;
  readonly pid: number;
  readonly token: string;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../bin/main.js', import.meta.url));
const COLLECTOR = new URL('../runner/gc-on-signal.js', import.meta.url).href;

/** Starts a gateway that reads these gateways, and waits until it accepts connections. */
export async function startUpstreamGateway(urls: readonly string[]): Promise<UpstreamGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-upstreams-'));
  const [token, port] = [randomUUID(), await freePort()];
  const tokenFile = join(folder, 'upstream-token');
  writeFileSync(tokenFile, 'a-token-for-doubles\n', { mode: 0o600 });
  const config = join(folder, 'config.json');
  const upstreams = urls.map((url, index) => ({ name: `up${index}`, url, tokenFile }));
  writeFileSync(config, JSON.stringify({ upstreams }));
  const child = start(port, config, { XDG_STATE_HOME: folder, ROLLCALL_TOKEN: token });
  await accepting(port);
  return {
    port,
    token,
    pid: child.pid ?? 0,
    async stop() {
      await endProcess(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(port: number, config: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const settings = ['--port', String(port), '--config', config, '--log-level', 'silent'];
  return spawn(process.execPath, ['--import', COLLECTOR, MAIN, 'gateway', ...settings], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
}
