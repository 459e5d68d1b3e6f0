import { ClusterSetupError } from './client-import.ts';

/** Where NATS servers are and how to sign in, as its client wants it. */
export interface NatsServers {
  readonly servers: string[];
  readonly tls?: Record<string, never>;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/**
 * Reads `nats://user:password@host:4222` or `tls://…`, several comma separated; a user alone is a token. The first that has
 * credentials counts for all. Throws {@link ClusterSetupError} for what is no URL.
 */
export function natsServers(url: string): NatsServers {
  const urls = url.split(',').map((part) => {
    const text = part.trim();
    if (!URL.canParse(text)) throw new ClusterSetupError('a NATS server is written nats://HOST:4222');
    return new URL(text);
  });
  const signed = urls.find(({ username }) => username !== '');
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...credentials(signed),
  };
}

function credentials(url: URL | undefined): Partial<NatsServers> {
  if (url === undefined) return {};
  const user = decodeURIComponent(url.username);
  return url.password === '' ? { token: user } : { user, pass: decodeURIComponent(url.password) };
}
