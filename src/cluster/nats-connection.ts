import type { ConnectionOptions } from '@nats-io/transport-node';
import type { EngineAddress } from './create-engine.ts';
import { type AuthenticatorMakers, natsAuthenticator } from './nats-credentials.ts';
import { natsServers } from './nats-servers.ts';
import { readTlsFiles } from './tls-files.ts';

const connectMs = 1_000;
const pingMs = 2_000;

/**
 * Says how to connect to the next server of an address, one after the other, from any of them on.
 *
 * Files are read each time, since they are renewed while a gateway runs. Throws `ClusterSetupError`, also at once, when the URL
 * or a file cannot be used.
 */
export function natsConnections(
  address: EngineAddress,
  makers: AuthenticatorMakers,
): () => ConnectionOptions {
  const { servers, isTls, ...secret } = natsServers(address.url);
  let turn = Math.floor(Math.random() * servers.length);
  const next = (): ConnectionOptions => {
    const { host, port } = servers[turn++ % servers.length] ?? { host: '', port: '' };
    return {
      servers: `${host}:${port}`,
      ...secret,
      ...tlsOf(address, host, isTls),
      ...signedBy(address, makers),
      name: 'rollcall',
      reconnect: false,
      timeout: connectMs,
      pingInterval: pingMs,
      maxPingOut: 2,
    };
  };
  next();
  return next;
}

/** The client forgets a host that is an IP address, and would take a certificate for `localhost` instead of one for it. */
function tlsOf(address: EngineAddress, host: string, isTls: boolean): Pick<ConnectionOptions, 'tls'> {
  const files = readTlsFiles(address);
  if (!isTls && files === undefined) return {};
  const named = { host: host.replace(/^\[|\]$/g, '') };
  return { tls: { ...named, ...files } };
}

function signedBy(
  { credentialsFile }: EngineAddress,
  makers: AuthenticatorMakers,
): Pick<ConnectionOptions, 'authenticator'> {
  return credentialsFile === undefined ? {} : { authenticator: natsAuthenticator(credentialsFile, makers) };
}
