import { isLoopback } from '../core/index.ts';
import { readGatewayToken } from './gateway-token.ts';
import { misused, ok, type Result } from './result.ts';
import type { Shell } from './shell.ts';
import { stateFolder } from './state-folder.ts';

/** The gateway that a client command connects to. */
export interface GatewayTarget {
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
}

/** `--url`, `--token` and `--password` as typed. */
export interface TargetFlags {
  readonly url?: string;
  readonly token?: string;
  readonly password?: string;
}

/** Where `rollcall gateway` listens by default. */
const defaultUrl = 'ws://127.0.0.1:18789';

/**
 * Finds the gateway: flags, then `ROLLCALL_URL`, `ROLLCALL_TOKEN`, `ROLLCALL_PASSWORD`, then `OPENCLAW_GATEWAY_URL`,
 * `OPENCLAW_GATEWAY_TOKEN`, then the local gateway.
 *
 * Without any credential, a gateway on this computer is given the token that a gateway started by this user keeps in the state
 * folder; that token is never sent to another computer.
 */
export function resolveTarget(
  flags: TargetFlags,
  shell: Pick<Shell, 'env' | 'homeFolder' | 'addresses'>,
): Result<GatewayTarget> {
  const { env } = shell;
  const url = checkedUrl(flags.url ?? (env['ROLLCALL_URL'] || env['OPENCLAW_GATEWAY_URL'] || defaultUrl));
  if (!url.ok) return url;
  const given = typedCredentials(flags, env);
  if (Object.keys(given).length > 0 || !isOnThisComputer(url.value, shell.addresses?.() ?? []))
    return ok({ url: url.value, ...given });
  const kept = readGatewayToken(stateFolder(shell));
  if (!kept.ok) return kept;
  return ok({ url: url.value, ...(kept.value && { token: kept.value.token }) });
}

/**
 * The credentials that a person gave, by flag or environment; the stored token of the local gateway is not among them.
 *
 * A credential that is typed replaces both that the environment holds.
 */
export function typedCredentials(flags: TargetFlags, env: Shell['env']): Omit<GatewayTarget, 'url'> {
  const typed = flags.token !== undefined || flags.password !== undefined;
  const token = typed ? flags.token : env['ROLLCALL_TOKEN'] || env['OPENCLAW_GATEWAY_TOKEN'];
  const password = typed ? flags.password : env['ROLLCALL_PASSWORD'];
  return { ...(token && { token }), ...(password && { password }) };
}

function checkedUrl(text: string): Result<string> {
  // Without a scheme it is HOST or HOST:PORT.
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `ws://${text}`;
  if (!isHostOrUrl(text) || !URL.canParse(full)) {
    return misused(`"${text}" is not a valid URL. Example: ${defaultUrl}`);
  }
  const url = new URL(full);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    return misused(`the URL "${text}" must begin with ws:// or wss://. Example: ${defaultUrl}`);
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return misused('the URL must not hold a user, password or #fragment: set ROLLCALL_TOKEN instead');
  }
  return ok(url.pathname === '/' && url.search === '' ? `${url.protocol}//${url.host}` : url.href);
}

/** A URL, or a host that cannot be a word: with a port, a dot or a bracket, or `localhost`. */
function isHostOrUrl(text: string): boolean {
  return /:\/\//.test(text) || /^(localhost|\[[^\]]+\]|[^\s/@]*[.:][^\s/@]*)(\/|$)/.test(text);
}

/** Loopback, or an address of one of its own interfaces: what is sent there never leaves the computer. */
function isOnThisComputer(url: string, addresses: readonly string[]): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isLoopback(host) || addresses.includes(host);
}
