import { isLoopback } from '../core/index.ts';
import type { Peer } from './transport.ts';

/**
 * Whether a browser page may connect (PA6): its origin is the gateway's own or is listed.
 *
 * A client that sends no `Origin` is no browser page and passes.
 *
 * @param allowedOrigins origins such as `https://ops.example.org`; `*` allows every page.
 */
export function isOriginAllowed(peer: Peer, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = peer;
  if (origin === undefined) return true;
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin.toLowerCase())) return true;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
}

/**
 * The peer as a gateway sees it that asks nobody for a credential: a `Host` that is no name of this machine is none.
 *
 * A page of a foreign name that was made to lead to a loopback address (DNS rebinding) has that name as origin and as `Host`;
 * nothing but the credential that nobody needs would stop it.
 */
export function withLocalHost(peer: Peer): Peer {
  const { host } = peer;
  return host !== undefined && isNameOfThisMachine(host) ? peer : { ...peer, host: undefined };
}

/** True for `*` and for an origin as browsers send it: scheme, host and port, nothing behind. */
export function isOrigin(text: string): boolean {
  if (text.includes('*')) return text === '*';
  return URL.canParse(text) && new URL(text).origin === text.toLowerCase();
}

function isNameOfThisMachine(host: string): boolean {
  const name = hostOf(`http://${host}`)?.replace(/:\d+$/, '') ?? '';
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

/** Host and port of an origin, as a browser would put them into `Host`. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
