import { spawn } from 'node:child_process';
import { connect, isIPv4 } from 'node:net';
import { isLoopback } from '../core/index.ts';
import type { CommandContext } from './command-context.ts';
import { type GatewayTarget, resolveTarget, type TargetFlags } from './gateway-target.ts';
import { ok, type Result, refused } from './result.ts';

/** Flags of `rollcall open`. */
export interface OpenFlags extends TargetFlags {
  readonly qr?: boolean;
  /** Only prints the address. */
  readonly print?: boolean;
}

/** Longest wait for an answer at this computer's network address, in milliseconds. */
const probeMs = 1_000;

/**
 * `rollcall open`: opens the page signed in, or prints its address where no browser can be started.
 *
 * The credential is in the fragment (`#token=`), which browsers never send to a server; the page removes it from the address at once.
 */
export async function runOpen(context: CommandContext, flags: OpenFlags): Promise<Result<void>> {
  const { shell } = context;
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  if (flags.qr) return printQr(context, target.value);
  const url = pageUrl(target.value);
  const isTerminal = shell.terminalStreams?.() !== undefined;
  if (flags.print || !isTerminal || !(await opens(url, shell.env))) shell.print(url);
  else shell.print(`Opened ${target.value.url.replace(/^ws/, 'http')}/ in the browser.`);
  return ok(undefined);
}

/** The address of the page, with the credential in its fragment. */
export function pageUrl({ url, token, password }: GatewayTarget): string {
  const page = new URL(url.replace(/^ws/, 'http'));
  if (!page.pathname.endsWith('/')) page.pathname += '/';
  const secret = token ?? password;
  return secret === undefined ? page.href : `${page.href}#token=${encodeURIComponent(secret)}`;
}

async function printQr({ shell }: CommandContext, target: GatewayTarget): Promise<Result<void>> {
  const reachable = await networkUrl(target.url, shell.addresses?.() ?? []);
  if (!reachable.ok) return reachable;
  const url = pageUrl({ ...target, url: reachable.value });
  const { renderUnicodeCompact } = await import('uqr');
  shell.print(renderUnicodeCompact(url, { border: 2 }));
  shell.print(url);
  if (url.startsWith('http:')) shell.complain('Without TLS, others on the network can read the token.');
  return ok(undefined);
}

/** Where a phone reaches the gateway: for one on this computer, by this computer's address in its network. */
async function networkUrl(url: string, addresses: readonly string[]): Promise<Result<string>> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && !isLoopback(host)) return ok(url);
  const lan = addresses.find((address) => isIPv4(address) && !isLoopback(address));
  if (lan === undefined) return refused('this computer has no network address: connect it to a network');
  if (await answers(lan, Number(port || (protocol === 'wss:' ? 443 : 80)))) {
    const moved = new URL(url);
    moved.hostname = lan;
    return ok(moved.href);
  }
  return refused(
    `the gateway does not listen on ${lan}, so a phone cannot reach it: start it with --bind 0.0.0.0 (better with TLS)`,
  );
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeMs });
    const end = (isOpen: boolean) => (): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
}

/** Starts the browser of the desktop; false where there is none to start. */
function opens(url: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const isLinux = process.platform !== 'darwin' && process.platform !== 'win32';
  if (isLinux && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return Promise.resolve(false);
  const [program, args] = openerOf(url);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.on('error', () => resolve(false)).on('spawn', () => resolve(true));
    child.unref();
  });
}

function openerOf(url: string): readonly [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}
