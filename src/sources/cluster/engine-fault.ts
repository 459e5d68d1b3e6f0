/** What people can do about the messages of the engines' clients when they cannot connect. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /self[- ]signed certificate|unable to (verify|get)\b.*certificate/i,
    'the authority of its certificate is not known here: name the file with its certificate by --cluster-ca-file',
  ],
  [
    /does not match certificate's altnames/,
    'its certificate is for another name: write a name or address of the certificate into the URL of the cluster',
  ],
  [
    /certificate (has expired|is not yet valid)/,
    'renew the certificate of the server, or set the clock of this machine',
  ],
  [
    /\balert (bad certificate|certificate required|unknown ca|handshake failure)/i,
    'it wants a certificate of this gateway that it trusts: --cluster-cert-file and --cluster-key-file',
  ],
  [
    /WRONGPASS|NOAUTH|authorization violation|authentication expired|invalid password/i,
    'it does not know this user and secret: see ROLLCALL_CLUSTER and --cluster-credentials-file',
  ],
  [
    /NOPERM|permissions violation/i,
    'the user may not do what a cluster needs: docs/cluster.md says which rights that is',
  ],
  [
    /READONLY|can't write against a read only/i,
    'it is a replica: write the address of the master, or those of its Sentinels, redis+sentinel://SENTINEL:26379/MASTER',
  ],
  [/\bOOM\b/, 'raise maxmemory of the server, or give the cluster a server of its own'],
  [/NOREPLICAS/, 'it wants more replicas before it writes: see min-replicas-to-write of the server'],
  [/MISCONF/, 'it cannot write to its disk, and takes nothing until it can: see the log of the server'],
  [/max number of clients/i, 'raise maxclients of the server'],
  [
    /DB index is out of range/i,
    'the URL names a database that the server does not have: see its setting databases',
  ],
  [
    /SELECT is not allowed in cluster mode/i,
    'a Redis Cluster has database 0 only: leave the number out of the URL',
  ],
  [/server does not support 'tls'/, 'it speaks no TLS: write nats:// in place of tls://'],
  [/jetstream|no responders|503/i, 'the NATS server, and the account of the user, need JetStream'],
  [
    /ECONNRESET|closed unexpectedly|timeout|no answer|wrong version number|RESP type/i,
    'is it the right port, rediss:// or tls:// if it speaks TLS, and --cluster-cert-file if it wants a certificate?',
  ],
];

/** How the messages of servers begin when they refuse a command. */
const refusals =
  /^(?:NO[A-Z]+|WRONG[A-Z]+|READONLY|OOM|MISCONF|LOADING|MASTERDOWN|CLUSTERDOWN|EXECABORT|ERR) |authorization violation|permissions violation/i;

/** True for an answer of a server that is reachable and refuses. */
export function isServerRefusal(message: string): boolean {
  return refusals.test(message);
}

/** The part of a message of OpenSSL that is for people. */
const openSslReason = /:SSL routines:[^:]*:([^:]+):/;

/** The reason of a connection that could not be made, with what to do about it where that is known. */
export function explained(message: string): string {
  const reason = (openSslReason.exec(message)?.[1] ?? message).trim();
  const known = advice.find(([pattern]) => pattern.test(reason));
  return known === undefined ? reason : `${reason} (${known[1]})`;
}
