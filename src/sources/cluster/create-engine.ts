import { ClusterSetupError } from './client-import.ts';
import type { EngineAddress, EngineFactory } from './engine.ts';
import { createNatsEngine } from './nats-engine.ts';
import { createRedisEngine } from './redis-engine.ts';

/**
 * Loads what the engine of a URL needs.
 *
 * Rejects with {@link ClusterSetupError}, for people, when the client package is missing, a file cannot be read or the URL is
 * of no known kind.
 */
export async function createEngine(address: EngineAddress): Promise<EngineFactory> {
  const [protocol] = address.url.split(':');
  switch (protocol) {
    case 'redis':
    case 'rediss':
    case 'redis+sentinel':
    case 'rediss+sentinel':
      return createRedisEngine(address);
    case 'nats':
    case 'tls':
      return createNatsEngine(address);
    default:
      throw new ClusterSetupError(
        'a cluster engine is redis://, rediss://, redis+sentinel://, rediss+sentinel://, nats:// or tls://',
      );
  }
}
