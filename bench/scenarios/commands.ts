import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figures } from '../job.ts';
import { cpuSeconds, endedChildrenCpuSeconds, residentBytes } from '../runner/process-usage.ts';
import { endProcess } from '../servers/end-process.ts';
import { startUpstreamGateway } from '../servers/upstream-gateway.ts';
import { pause, type Run, type Scenario } from './scenario.ts';

const command = fileURLToPath(new URL('../../bin/main.js', import.meta.url));
const TIMES = 20;
const REST_MS = 3_000;
const MIB = 2 ** 20;

/** Cost of starting the command, against Node that does nothing. */
export const commands: Scenario = {
  name: 'commands',
  title: 'Starting a command',
  about:
    'CPU time of a process from its start to its end; of a gateway to the line that says that it listens. `rollcall list` asks a ' +
    `gateway with one row. The mean of ${TIMES} starts; Linux counts in steps of 10 ms. Memory of a gateway is resident, 3 s after that. ` +
    'In the environment of the caller: where NODE_EXTRA_CA_CERTS names certificates, Node alone takes about 35 ms more, and every ratio is smaller.',
  sizeUnit: 'process',
  sizes: [1],
  quickSizes: [1],
  contenders: ['node', 'command-version', 'command-list', 'command-gateway'],
  baseline: 'node',
  metrics: [
    { key: 'cpuMillis', label: 'CPU', unit: 'ms', better: 'less' },
    { key: 'wallMillis', label: 'wall', unit: 'ms', better: 'less' },
    { key: 'restMebibytes', label: 'memory at rest', unit: 'MiB', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

/** What one start cost. */
interface Start {
  readonly cpuMillis: number;
  readonly wallMillis: number;
}

async function run({ contender, quick }: Run): Promise<Figures> {
  const times = quick ? 2 : TIMES;
  const home = mkdtempSync(join(tmpdir(), 'bench-commands-'));
  const gateway = await startUpstreamGateway([]);
  const env = {
    ...process.env,
    HOME: home,
    ROLLCALL_URL: `ws://127.0.0.1:${gateway.port}`,
    ROLLCALL_TOKEN: gateway.token,
  };
  const sum = { cpuMillis: 0, wallMillis: 0 };
  try {
    // The first start fills the caches of the disk.
    for (let n = 0; n <= times; n += 1) {
      const start = await (contender.id === 'command-gateway' ? toListening(env) : toEnd(contender.id, env));
      if (n === 0) continue;
      sum.cpuMillis += start.cpuMillis / times;
      sum.wallMillis += start.wallMillis / times;
    }
    if (contender.id !== 'command-gateway') return sum;
    return { ...sum, restMebibytes: await memoryAtRest(env, quick ? 100 : REST_MS) };
  } finally {
    await gateway.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

const argsOf: Readonly<Record<string, readonly string[]>> = {
  node: ['-e', '0'],
  'command-version': [command, '--version'],
  'command-list': [command, 'list'],
};

async function toEnd(contender: string, env: NodeJS.ProcessEnv): Promise<Start> {
  const [cpuBefore, startedAt] = [endedChildrenCpuSeconds(), performance.now()];
  const child = spawn(process.execPath, argsOf[contender] ?? [], { env, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${contender} ended with ${code}`);
  return {
    cpuMillis: (endedChildrenCpuSeconds() - cpuBefore) * 1_000,
    wallMillis: performance.now() - startedAt,
  };
}

async function toListening(env: NodeJS.ProcessEnv): Promise<Start> {
  const startedAt = performance.now();
  const child = await listening(env);
  const start = {
    cpuMillis: cpuSeconds(child.pid ?? 0) * 1_000,
    wallMillis: performance.now() - startedAt,
  };
  await endProcess(child, 'SIGTERM');
  return start;
}

async function memoryAtRest(env: NodeJS.ProcessEnv, restMs: number): Promise<number> {
  const child = await listening(env);
  await pause(restMs);
  const bytes = residentBytes(child.pid ?? 0);
  await endProcess(child, 'SIGTERM');
  return bytes / MIB;
}

/** Starts a gateway and waits until it prints that it listens. */
async function listening(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const args = [command, 'gateway', '--port', '0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}
