import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contender } from '../contender.ts';
import type { ServerNeeds } from '../scenarios/scenario.ts';

/** How to start a server. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folder to remove afterwards. */
  readonly folder: string;
}

/** Options of every launch. */
export interface LaunchOptions {
  readonly contender: Contender;
  readonly needs: ServerNeeds;
  readonly port: number;
  readonly token: string;
  /** Where a server of ours writes its CPU profile; none without it. */
  readonly profileFolder?: string | undefined;
}

const MAX_CONNECTIONS = 20_000;
/** Buffer for a dozen lists, so that a late generator is not closed as a dead reader. */
const BUFFERED_BYTES_PER_ROW = 8_192;
const LEAST_BUFFERED_BYTES = 4_194_304;
const MAX_BUFFERED_BYTES = 1_073_741_824;

const COLLECTS_GARBAGE = new URL('./gc-on-signal.js', import.meta.url).href;

/** The command line of a contender's server. Throws when it is not configured. */
export function launchOf(options: LaunchOptions): Launch {
  const { peer } = options.contender;
  if (peer === 'rollcall') return rollcall(options);
  if (peer === 'openclaw') return openclaw(options);
  return ownPeer(options);
}

function ownPeer({ contender, needs, port }: LaunchOptions): Launch {
  const script = fileURLToPath(new URL(`../peers/${contender.peer}.js`, import.meta.url));
  const mode = contender.mode ? ['--mode', contender.mode] : [];
  return node([...preload(needs), script, '--port', String(port), ...mode], {});
}

/** Limits that a benchmark on one machine would reach are raised by configuration; everything else is the default. */
function rollcall({ contender, needs, port, token, profileFolder }: LaunchOptions): Launch {
  const script = contender.isBefore
    ? requiredVariable('BENCH_BEFORE', 'bin/main.js of an earlier build')
    : fileURLToPath(new URL('../../bin/main.js', import.meta.url));
  const limits = raisedLimits(needs);
  // Builds before 0.2.0 do not have this limit.
  if (!contender.isBefore) limits.push('--max-new-instances-per-minute', 0);
  const settings = ['--port', port, '--auth', 'token', '--log-level', 'info', ...limits].map(String);
  const profiler = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  return node([...profiler, ...preload(needs), script, 'gateway', ...settings], { ROLLCALL_TOKEN: token });
}

function raisedLimits({ maxEntries }: ServerNeeds): (string | number)[] {
  const limits = ['--max-connections', MAX_CONNECTIONS, '--requests-per-second', 0];
  if (maxEntries === undefined) return limits;
  const maxBufferedBytes = Math.min(
    MAX_BUFFERED_BYTES,
    Math.max(LEAST_BUFFERED_BYTES, maxEntries * BUFFERED_BYTES_PER_ROW),
  );
  return [...limits, '--max-entries', maxEntries, '--max-buffered-bytes', maxBufferedBytes];
}

/** A gateway with an empty state folder and no channel, plugin or browser to start. */
function openclaw({ needs, port, token }: LaunchOptions): Launch {
  const command = requiredVariable('OPENCLAW_BIN', 'the openclaw command');
  const folder = mkdtempSync(join(tmpdir(), 'bench-openclaw-'));
  const config = { gateway: { mode: 'local', port, bind: 'loopback', auth: { mode: 'token', token } } };
  writeFileSync(join(folder, 'openclaw.json'), JSON.stringify(config));
  const environment = {
    OPENCLAW_STATE_DIR: folder,
    OPENCLAW_CONFIG_PATH: join(folder, 'openclaw.json'),
    HOME: folder,
    OPENCLAW_SKIP_CHANNELS: '1',
    ...(needs.collectsGarbage && { NODE_OPTIONS: `--import=${COLLECTS_GARBAGE}` }),
  };
  const flags = ['gateway', 'run', '--port', String(port), '--token', token, '--allow-unconfigured'];
  return { command, arguments: flags, environment, folder };
}

function requiredVariable(name: string, what: string): string {
  const value = process.env[name];
  if (!value) throw new TypeError(`set ${name} to ${what} to measure it`);
  return value;
}

function node(nodeArguments: readonly string[], environment: Readonly<Record<string, string>>): Launch {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const state = { XDG_STATE_HOME: folder, ...environment };
  return { command: process.execPath, arguments: nodeArguments, environment: state, folder };
}

function preload(needs: ServerNeeds): string[] {
  return needs.collectsGarbage ? [`--import=${COLLECTS_GARBAGE}`] : [];
}
