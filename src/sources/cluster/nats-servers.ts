import { ClusterSetupError } from './client-import.ts';

/** Where NATS servers are and how to sign in. */
export interface NatsServers {
  /** An IPv6 address is in brackets. */
  readonly servers: readonly { readonly host: string; readonly port: string }[];
  /** TLS is required; otherwise it is used when the server requires it. */
  readonly isTls: boolean;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/**
 * Reads `nats://user:password@host:4222` or `tls://…`, several comma separated; a user alone is a token. The first that has
 * credentials counts for all. Throws {@link ClusterSetupError} for what is no URL.
 */
export function natsServers(url: string): NatsServers {
  const urls = url.split(',').map(parseUrl);
  return {
    servers: urls.map(({ hostname, port }) => ({ host: hostname, port: port || '4222' })),
    isTls: urls.some(({ protocol }) => protocol === 'tls:'),
    ...credentials(urls.find(({ username }) => username !== '')),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol)) {
    throw new ClusterSetupError('a NATS server is written nats://USER:PASSWORD@HOST:4222 or tls://…');
  }
  return url;
}

function credentials(url: URL | undefined): Partial<NatsServers> {
  if (url === undefined) return {};
  try {
    const user = decodeURIComponent(url.username);
    return url.password === '' ? { token: user } : { user, pass: decodeURIComponent(url.password) };
  } catch {
    throw new ClusterSetupError('a % in the user or password of a URL is written %25');
  }
}
