import type { Instant, Logger } from '../../core/index.ts';
import { FileWatch } from '../time/file-watch.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import {
  type CertificateFiles,
  type CertificatePair,
  readCertificate,
  validUntilMs,
} from './tls-certificate.ts';

/** Puts a certificate in use when its files change; a bad one is logged, and the one before stays in use. */
export class CertificateWatch implements PeriodicTask {
  readonly #watch: FileWatch;

  constructor(options: {
    readonly files: CertificateFiles;
    readonly use: (pair: CertificatePair) => void;
    readonly logger: Logger;
  }) {
    const { files, use, logger } = options;
    const { certFile, keyFile } = files;
    this.#watch = new FileWatch([certFile, keyFile], () => {
      try {
        const pair = readCertificate(files);
        use(pair);
        const validUntil = new Date(validUntilMs(pair)).toISOString();
        logger.info({ certFile, validUntil }, 'new certificate in use');
      } catch (error) {
        const problem = (error as Error).message;
        logger.error({ certFile, keyFile, problem }, 'certificate stays as it was');
      }
    });
  }

  run(now: Instant): number | undefined {
    return this.#watch.run(now);
  }
}
