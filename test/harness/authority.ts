import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate and its key, PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority that signs certificates for two days, with openssl 3. */
export class Authority implements CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly #folder: string;

  /** Makes `NAME.crt` and `NAME.key` in a folder. */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    const { certFile, keyFile } = this.#make(name, []);
    this.certFile = certFile;
    this.keyFile = keyFile;
  }

  /** A certificate for a name or address, for example `IP:127.0.0.1` or `DNS:localhost`. */
  sign(name: string, subjectAltName: string): CertificateFiles {
    const issuer = ['-CA', this.certFile, '-CAkey', this.keyFile];
    return this.#make(name, [...issuer, '-addext', `subjectAltName=${subjectAltName}`]);
  }

  #make(name: string, options: readonly string[]): CertificateFiles {
    const files = { certFile: join(this.#folder, `${name}.crt`), keyFile: join(this.#folder, `${name}.key`) };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.keyFile];
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-out', files.certFile];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...options], { stdio: 'pipe' });
    return files;
  }
}
