/** What people can do about what the clients of the engines say when they cannot connect. */
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
  [/server does not support 'tls'/, 'it speaks no TLS: write nats:// in place of tls://'],
  [/jetstream|no responders|503/i, 'the NATS server, and the account of the user, need JetStream'],
  [
    /ECONNRESET|closed unexpectedly|timeout|no answer|wrong version number|RESP type/i,
    'is it the right port, rediss:// or tls:// if it speaks TLS, and --cluster-cert-file if it wants a certificate?',
  ],
];

/** The part of a message of OpenSSL that is for people. */
const openSslReason = /:SSL routines:[^:]*:([^:]+):/;

/** The reason of a connection that could not be made, with what to do about it where that is known. */
export function explained(message: string): string {
  const reason = (openSslReason.exec(message)?.[1] ?? message).trim();
  const known = advice.find(([pattern]) => pattern.test(reason));
  return known === undefined ? reason : `${reason} (${known[1]})`;
}
