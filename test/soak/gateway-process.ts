import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemoryReading } from './memory-probe.ts';
import type { GatewayTiming } from './plan.ts';

/** A gateway in a process of its own, as an operator starts it. */
export interface GatewayProcess {
  /** `ws://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Collects all garbage, then reads the memory. */
  memory(): Promise<MemoryReading>;
  /** Rejects when it ends before it was stopped, with what it said. */
  readonly died: Promise<never>;
  /** What it said on standard error. */
  readonly log: string;
  /** Stops it as an operator does; throws when it does not end well. */
  stop(): Promise<void>;
}

const token = 'soak-token-0123456789';
// The same from test/soak and, compiled, from dist/soak.
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const probe = new URL('../../dist/soak/memory-probe.js', import.meta.url).href;

/** Starts `rollcall gateway` on a free port. */
export async function startGateway(timing: GatewayTiming): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-soak-'));
  const flags = Object.entries({
    port: 0,
    'ping-interval-ms': timing.pingIntervalMs,
    'renewal-ms': timing.renewalMs,
    'ttl-ms': timing.ttlMs,
    'handshake-timeout-ms': 2_000,
    'max-buffered-bytes': 262_144,
    'max-new-instances-per-minute': 0,
    'log-level': 'error',
  }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, ['--expose-gc', `--import=${probe}`, command, 'gateway', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ROLLCALL_TOKEN: token, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  return running(child, folder);
}

async function running(child: ChildProcess, folder: string): Promise<GatewayProcess> {
  let log = '';
  let isStopping = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000);
  });
  const gone = once(child, 'exit').then(([code, signal]) => `exit ${code ?? signal}`);
  const died = gone.then((ending) => {
    if (isStopping) return new Promise<never>(() => {});
    throw new Error(`the gateway ended with ${ending}: ${log}`);
  });
  // Whoever waits for it hears of it; before that it is nobody's fault.
  died.catch(() => {});
  const url = await urlOf(child, () => log);
  return {
    url,
    token,
    died,
    get log() {
      return log;
    },
    async memory() {
      child.send('memory');
      const [reading] = await once(child, 'message');
      return reading as MemoryReading;
    },
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      const ending = await gone;
      await rm(folder, { recursive: true, force: true });
      if (ending !== 'exit 0') throw new Error(`the gateway ended with ${ending}: ${log}`);
    },
  };
}

/** The address that the gateway says at its start. */
function urlOf(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = /ws:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`the gateway did not start: ${log()}`)));
  });
}
