import type { ConnectionOptions } from '@nats-io/transport-node';
import type { EngineAddress } from './engine.ts';
import { connectMs } from './linked-engine.ts';
import { type AuthenticatorMakers, natsAuthenticator } from './nats-credentials.ts';
import { natsServers } from './nats-servers.ts';
import { readTlsFiles, type TlsMaterial } from './tls-files.ts';

const pingMs = 2_000;

/** How to connect to one server. */
export interface NatsAttempt {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Options of TLS; set when TLS is required. */
  readonly tls: TlsMaterial | undefined;
  readonly options: ConnectionOptions;
}

/**
 * Returns how to connect to the next server of an address: in turn, beginning with any of them.
 *
 * Files are read each time, since they are renewed while a gateway runs. Throws `ClusterSetupError`, also at once, when the URL
 * or a file cannot be used.
 */
export function natsConnections(address: EngineAddress, makers: AuthenticatorMakers): () => NatsAttempt {
  const { servers, isTls, ...secret } = natsServers(address.url);
  let turn = Math.floor(Math.random() * servers.length);
  const next = (): NatsAttempt => {
    const { host, port } = servers[turn++ % servers.length] ?? { host: '', port: '' };
    const bare = host.replace(/^\[|\]$/g, '');
    const options = {
      servers: `${host}:${port}`,
      ...secret,
      ...tlsOf(address, bare, isTls),
      ...signedBy(address, makers),
      name: 'rollcall',
      reconnect: false,
      timeout: connectMs,
      pingInterval: pingMs,
      maxPingOut: 2,
    };
    const tls = isTls ? (readTlsFiles(address) ?? {}) : undefined;
    return { host: bare, port: Number(port), tls, options };
  };
  next();
  return next;
}

/** The client drops a host that is an IP address, and would accept a certificate for `localhost` instead of one for it. */
function tlsOf(address: EngineAddress, host: string, isTls: boolean): Pick<ConnectionOptions, 'tls'> {
  const files = readTlsFiles(address);
  if (!isTls && files === undefined) return {};
  const named: object = { host };
  return { tls: { ...named, ...files } };
}

function signedBy(
  { credentialsFile }: EngineAddress,
  makers: AuthenticatorMakers,
): Pick<ConnectionOptions, 'authenticator'> {
  return credentialsFile === undefined ? {} : { authenticator: natsAuthenticator(credentialsFile, makers) };
}
