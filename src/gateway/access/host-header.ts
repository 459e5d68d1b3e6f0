import type { IncomingMessage } from 'node:http';

/**
 * Gives a request its `Host` in the one spelling that everything after it reads: the name as URLs write it, and the port.
 *
 * @returns false for a host that is none, and for several: this gateway and a proxy could take different ones (RFC 9112, 3.2).
 */
export function canonicalizeHost(request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): boolean {
  const { headers, rawHeaders } = request;
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'host').length > 1) return false;
  if (headers.host === undefined) return true;
  const host = canonicalHost(headers.host);
  if (host !== undefined) headers.host = host;
  return host !== undefined;
}

/** The port is kept as it was sent, since only the scheme determines which one is the default. */
function canonicalHost(sent: string): string | undefined {
  if (/[/?#@\\]/.test(sent) || !URL.canParse(`http://${sent}`)) return undefined;
  const port = /:(\d+)$/.exec(sent)?.[0] ?? '';
  return `${new URL(`http://${sent}`).hostname}${port}`;
}
