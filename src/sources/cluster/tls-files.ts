import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readTextFile } from '../../host/index.ts';
import { ClusterSetupError } from './client-import.ts';

/** Files of a connection by TLS, all PEM. */
export interface TlsFiles {
  /** Certificates of the authorities to trust; those of Node when it is absent. */
  readonly caFile?: string | undefined;
  /** The gateway's own certificate, for a server that requires one; needs `keyFile`. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** Content of the files, by the names of Node's TLS options. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads and checks the files; `undefined` when there are none. Throws {@link ClusterSetupError} that names the file.
 *
 * Read again for every connection: certificates are renewed while a gateway runs.
 */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial | undefined {
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new ClusterSetupError('a certificate and its key go together: give both files');
  }
  const material = {
    ...(caFile !== undefined && { ca: certificateIn(caFile) }),
    ...(certFile !== undefined && { cert: certificateIn(certFile) }),
    ...(keyFile !== undefined && { key: readText(keyFile) }),
  };
  if (Object.keys(material).length === 0) return undefined;
  try {
    createSecureContext(material);
  } catch (error) {
    throw new ClusterSetupError(`${certFile} and ${keyFile} cannot be used: ${(error as Error).message}`);
  }
  return material;
}

/** Reads a file; throws {@link ClusterSetupError} that names it. */
export function readText(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    throw new ClusterSetupError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function certificateIn(file: string): string {
  const text = readText(file);
  try {
    new X509Certificate(text);
  } catch {
    throw new ClusterSetupError(`${file} holds no certificate in PEM`);
  }
  return text;
}
