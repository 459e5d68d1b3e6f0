import { isLoopback } from '../../core/index.ts';
import type { Peer } from '../transport.ts';

/**
 * Whether a browser page may connect (PA6): its origin is the gateway's own or is listed.
 *
 * Origins and hosts are compared as URLs: default ports, letter case, a dot at the end of a name and the spellings of an
 * IPv6 address do not matter; another scheme or port does. A client that sends no `Origin` is no browser page and passes.
 *
 * @param allowedOrigins origins such as `https://ops.example.org` or `tauri://localhost`; `*` allows every page.
 */
export function isOriginAllowed(peer: Peer, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = peer;
  if (origin === undefined || allowedOrigins.includes('*')) return true;
  const sent = normalOrigin(origin);
  if (sent === undefined) return false;
  return (
    isListed(sent, allowedOrigins) || (isWeb(schemeOf(sent)) && sent === originOfHost(host, schemeOf(sent)))
  );
}

/**
 * The same for a gateway without credentials: a request to a host name that is not of this machine is refused.
 *
 * A foreign name that resolves to a loopback address (DNS rebinding) is both origin and `Host` of its page, and a page
 * that only reads sends no `Origin` at all; without credentials nothing else would stop it. `Host` must be
 * `localhost`, a loopback address or the host of a listed origin; a client that sends none is no browser.
 */
export function isOpenTo(peer: Peer, allowedOrigins: readonly string[]): boolean {
  const { host, origin } = peer;
  const isOurs =
    host === undefined ||
    isNameOfThisMachine(host) ||
    allowedOrigins.some((allowed) => {
      const listed = normalOrigin(allowed);
      return listed !== undefined && listed === originOfHost(host, schemeOf(listed));
    });
  const sent = origin === undefined ? undefined : normalOrigin(origin);
  return (
    (isOurs || (sent !== undefined && isListed(sent, allowedOrigins))) &&
    isOriginAllowed(peer, allowedOrigins)
  );
}

/** True for `*` and for an origin: scheme, host and port, nothing behind but a slash. */
export function isOrigin(text: string): boolean {
  return text === '*' || normalOrigin(text) !== undefined;
}

/** What to write in place of a text that is no origin, where that can be derived; one sentence. */
export function originHint(text: string): string | undefined {
  const bare = text.trim();
  if (bare.includes('*')) return 'patterns are not supported: list each origin, or "*" for every page';
  if (!bare.includes('://')) {
    const guess = normalOrigin(`https://${bare.split('/')[0]}`);
    return guess === undefined ? undefined : `an origin starts with its scheme: write ${guess}`;
  }
  const [scheme = '', rest = ''] = bare.split('://');
  const guess = normalOrigin(`${scheme}://${rest.split(/[/?#]/)[0]?.split('@').at(-1)}`);
  return guess === undefined ? undefined : `an origin ends after host and port: write ${guess}`;
}

/** Scheme, `://`, host and port: web pages and apps with a scheme of their own alike. */
const originShape = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\\\s*]+)\/?$/i;

/**
 * An origin in the one form that is compared; `undefined` for what is none.
 *
 * Schemes of the web have their default port left out and their host in canonical form. Of other schemes (`tauri`, `app`,
 * `capacitor`, `chrome-extension` …) no standard defines what is equal: they are compared as sent, but for letter case.
 */
function normalOrigin(text: string): string | undefined {
  const [, scheme = '', authority = ''] = originShape.exec(text.trim()) ?? [];
  if (scheme === '') return undefined;
  const name = scheme.toLowerCase();
  return isWeb(name) ? originOfHost(authority, name) : `${name}://${authority.toLowerCase()}`;
}

function isWeb(scheme: string): boolean {
  return scheme === 'http' || scheme === 'https';
}

function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf(':'));
}

function isListed(origin: string, allowedOrigins: readonly string[]): boolean {
  return allowedOrigins.some((allowed) => normalOrigin(allowed) === origin);
}

/** The origin of pages that a `Host` header names, under a scheme; `undefined` for a header that names no host. */
function originOfHost(host: string | undefined, scheme: string): string | undefined {
  const url = `${scheme}://${host}`;
  if (!originShape.test(url) || !URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  const name = hostname.replace(/\.$/, '').toLowerCase();
  return name === '' ? undefined : `${scheme}://${name}${port === '' ? '' : `:${port}`}`;
}

function isNameOfThisMachine(host: string): boolean {
  const origin = originOfHost(host, 'http');
  if (origin === undefined) return false;
  const { hostname } = new URL(origin);
  const name = hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}
