import type { Authenticator } from '@nats-io/transport-node';
import { ClusterSetupError } from './client-import.ts';
import { readText } from './tls-files.ts';

/** Functions of the client package that create authenticators. */
export interface AuthenticatorMakers {
  readonly credsAuthenticator: (creds: Uint8Array) => Authenticator;
  readonly nkeyAuthenticator: (seed: Uint8Array) => Authenticator;
}

/** A seed of a user: a line of its own, in a file that holds no JWT. */
const seedLine = /^\s*(SU[A-Z2-7]{56})\s*$/m;

/**
 * Signs in with a `.creds` file, or with a file that holds the seed of an nkey. Throws {@link ClusterSetupError} that names the
 * file, and nothing of what is in it.
 */
export function natsAuthenticator(file: string, makers: AuthenticatorMakers): Authenticator {
  const text = readText(file);
  const seed = text.includes('-----BEGIN') ? undefined : seedLine.exec(text)?.[1];
  const authenticator =
    seed === undefined
      ? makers.credsAuthenticator(Buffer.from(text))
      : makers.nkeyAuthenticator(Buffer.from(seed));
  try {
    authenticator('a text to sign');
  } catch {
    throw new ClusterSetupError(
      `${file} holds neither the credentials of a NATS user (.creds) nor an nkey seed`,
    );
  }
  return authenticator;
}
