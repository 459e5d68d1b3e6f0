import { isLoopback } from '../../core/index.ts';
import type { Peer } from '../transport.ts';

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
 * The same for a gateway that asks nobody for a credential: what is called by a name that is not of this machine is refused.
 *
 * A foreign name that was made to lead to a loopback address (DNS rebinding) is origin and `Host` of its page alike, and a page
 * that only reads sends no `Origin` at all; nothing but the credential that nobody needs would stop it. `Host` must be
 * `localhost`, a loopback address or the host of a listed origin; a client that sends none is no browser.
 */
export function isOpenTo(peer: Peer, allowedOrigins: readonly string[]): boolean {
  const { host } = peer;
  const isOurs =
    host === undefined ||
    isNameOfThisMachine(host) ||
    allowedOrigins.some((origin) => hostOf(origin) === host.toLowerCase());
  const isListed = peer.origin !== undefined && allowedOrigins.includes(peer.origin.toLowerCase());
  return (isOurs || isListed) && isOriginAllowed(peer, allowedOrigins);
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
