import type { IncomingMessage } from 'node:http';

/**
 * Gives a request its `Host` in the one spelling that everything after it reads: the name as URLs write it, and the port.
 *
 * @returns false for a host that is none, and for several: this gateway and a proxy could take different ones (RFC 9112, 3.2).
 */
export function canonicalizeHost(request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): boolean {
  const { headers, rawHeaders } = request;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  if (hosts > 1) return false;
  if (headers.host === undefined) return true;
  const host = canonicalHost(headers.host);
  if (host !== undefined) headers.host = host;
  return host !== undefined;
}

/** The port is kept as it was sent, since only the scheme determines which one is the default. */
function canonicalHost(sent: string): string | undefined {
  if (/[/?#@\\]/.test(sent)) return undefined;
  const port = /:(\d+)$/.exec(sent)?.[0] ?? '';
  try {
    return `${new URL(`http://${sent}`).hostname}${port}`;
  } catch {
    return undefined;
  }
}
