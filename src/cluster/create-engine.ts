import type { Clock } from '../core/index.ts';
import { ClusterSetupError } from './client-import.ts';
import type { Delay } from './delay.ts';
import type { Engine } from './engine.ts';
import { createNatsEngine } from './nats-engine.ts';
import { createRedisEngine } from './redis-engine.ts';

/** Where an engine is and how to sign in. */
export interface EngineAddress {
  /** `redis://`, `rediss://`, `nats://` or `tls://` (NATS with TLS); credentials may be in it. */
  readonly url: string;
  /** Name of the cluster: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Certificates of authorities to trust, in PEM. */
  readonly caFile?: string | undefined;
  /** Credentials file of a NATS user. */
  readonly credentialsFile?: string | undefined;
}

/** What an engine needs of the gateway. */
export interface EngineContext {
  /** Only its monotonic side is read. */
  readonly clock: Clock;
  readonly delay: Delay;
  /** How long the engine keeps what nobody writes, milliseconds. */
  readonly retainMs: number;
}

/** Makes an engine for a gateway; nothing is connected before its `start`. */
export type EngineFactory = (context: EngineContext) => Engine;

/**
 * Loads what the engine of a URL needs.
 *
 * Rejects with {@link ClusterSetupError}, for people, when the client package is missing, a file cannot be read or the URL is
 * of no known kind.
 */
export async function createEngine(address: EngineAddress): Promise<EngineFactory> {
  const [protocol] = address.url.split(':');
  try {
    switch (protocol) {
      case 'redis':
      case 'rediss':
        return await createRedisEngine(address);
      case 'nats':
      case 'tls':
        return await createNatsEngine(address);
      default:
        throw new ClusterSetupError('a cluster engine is redis://, rediss://, nats:// or tls://');
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'path' in error)
      throw new ClusterSetupError(error.message);
    throw error;
  }
}
