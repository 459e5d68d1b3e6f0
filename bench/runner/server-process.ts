import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Contender } from '../contender.ts';
import type { ServerUnderTest } from '../job.ts';
import { ClientGroup } from '../load/client-group.ts';
import type { ServerNeeds } from '../scenarios/scenario.ts';
import { accepts, freePort } from '../servers/local-port.ts';
import { type Launch, launchOf } from './launch.ts';
import { processTree } from './process-usage.ts';

const TOKEN = 'benchmark-secret-0123456789abcdef';
const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 4;
const STOP_WITHIN_MS = 5_000;
const REMEMBERED_OUTPUT = 2_000;

/** A server that runs. */
export interface ServerProcess extends ServerUnderTest {
  /** The last of what it printed. */
  readonly output: () => string;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the server of a contender in a process of its own, on a free port, and waits until a client receives a hello. */
export async function startServer(
  contender: Contender,
  needs: ServerNeeds,
  profileFolder?: string,
): Promise<ServerProcess | { readonly failed: string }> {
  const port = await freePort();
  const launch = launchOf({ contender, needs, port, token: TOKEN, profileFolder });
  const startedAtMs = performance.now();
  const child = spawnServer(launch);
  const output = collectOutput(child);
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const stop = () => stopServer(child, launch.folder).finally(() => process.off('exit', abandon));
  const ready = await becomesReady(contender, port, child);
  const readyMs = performance.now() - startedAtMs;
  if (ready && child.pid !== undefined) return { port, pid: child.pid, token: TOKEN, readyMs, output, stop };
  await stop();
  return { failed: `${contender.label} did not start: ${output() || 'no output'}` };
}

function spawnServer({ command, arguments: args, environment }: Launch): ChildProcess {
  return spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The last of what the server printed. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer | Error) => {
    text = (text + String(chunk)).slice(-REMEMBERED_OUTPUT);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  child.on('error', add);
  return () => text.trim().replaceAll(/\s+/g, ' ');
}

async function becomesReady(contender: Contender, port: number, child: ChildProcess): Promise<boolean> {
  const untilMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < untilMs && child.exitCode === null && child.pid !== undefined) {
    if ((await accepts(port)) && (await greets(contender, port))) return true;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return false;
}

/** True when a client receives its hello: some servers listen long before they can serve. */
async function greets(contender: Contender, port: number): Promise<boolean> {
  const group = new ClientGroup(contender, { port, token: TOKEN, pid: 0, readyMs: 0 });
  try {
    await group.open({ count: 1, listed: false, watch: () => 'none' });
    return true;
  } catch {
    return false;
  } finally {
    group.close();
  }
}

async function stopServer(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const exited = once(child, 'exit');
    const tree = processTree(child.pid);
    child.kill('SIGTERM');
    const timer = setTimeout(() => tree.forEach(killIfAlive), STOP_WITHIN_MS);
    await exited;
    clearTimeout(timer);
    tree.forEach(killIfAlive);
  }
  rmSync(folder, { recursive: true, force: true });
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
