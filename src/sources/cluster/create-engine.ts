import type { Clock, DelayTimers } from '../../core/index.ts';
import { ClusterSetupError } from './client-import.ts';
import type { Engine } from './engine.ts';
import { createNatsEngine } from './nats-engine.ts';
import { createRedisEngine } from './redis-engine.ts';
import type { TlsFiles } from './tls-files.ts';

/** Where an engine is and how to sign in. */
export interface EngineAddress extends TlsFiles {
  /** `redis://`, `rediss://`, `nats://` or `tls://` (NATS with TLS); credentials may be in it. */
  readonly url: string;
  /** Name of the cluster: letters, digits, `-` and `_`. */
  readonly name: string;
  /** What the names of keys, channels and buckets begin with; `rollcall` when it is absent. */
  readonly keyPrefix?: string | undefined;
  /** Credentials of a NATS user: a `.creds` file, or one with the seed of an nkey. */
  readonly credentialsFile?: string | undefined;
}

/** What an engine needs of the gateway. */
export interface EngineContext {
  /** Only its monotonic side is read. */
  readonly clock: Clock;
  readonly delay: DelayTimers;
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
  switch (protocol) {
    case 'redis':
    case 'rediss':
      return createRedisEngine(address);
    case 'nats':
    case 'tls':
      return createNatsEngine(address);
    default:
      throw new ClusterSetupError('a cluster engine is redis://, rediss://, nats:// or tls://');
  }
}
