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
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
}

/** Host and port of an origin, as a browser would put them into `Host`. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
