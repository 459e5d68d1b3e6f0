import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { readTextFile } from '../../host/index.ts';

/** Where a certificate and its key are kept, both PEM. */
export interface CertificateFiles {
  /** The certificate of the server, then those of its issuers. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate and its private key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** Reads and checks a certificate; throws `TypeError` that names the file and what is wrong with it. */
export function readCertificate({ certFile, keyFile }: CertificateFiles): CertificatePair {
  const pair = { cert: readPem(certFile, 'certificate'), key: readPem(keyFile, 'key') };
  try {
    checkCertificate(pair);
  } catch (error) {
    throw new TypeError(`${certFile} and ${keyFile}: ${(error as Error).message}`);
  }
  return pair;
}

/** Throws `TypeError` for a pair that no client could be served with. */
export function checkCertificate(pair: CertificatePair): void {
  // Without either of them a secure context is created without an error, and every handshake fails.
  if (!pair.cert.includes('-----BEGIN')) throw new TypeError('the certificate file holds no PEM certificate');
  if (!pair.key.includes('-----BEGIN')) throw new TypeError('the key file holds no PEM key');
  try {
    createSecureContext(secureOptions(pair));
  } catch (error) {
    throw new TypeError(`the certificate cannot be used: ${(error as Error).message}`);
  }
}

/** What TLS is spoken with: Node's own choice of ciphers, 1.2 at the least. */
export function secureOptions({ cert, key }: CertificatePair): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

/** Until when the certificate is good, milliseconds since the epoch. */
export function validUntilMs({ cert }: CertificatePair): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

function readPem(file: string, what: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    throw new TypeError(`cannot read the TLS ${what} ${file}: ${(error as Error).message}`);
  }
}
