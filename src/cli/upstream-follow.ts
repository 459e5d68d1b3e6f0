import { unwatchFile, watchFile } from 'node:fs';
import type { Gateway, Logger } from '../gateway/index.ts';
import { type ResolvedSettings, readSettings, type SettingsInput } from './settings-sources.ts';

/** Time between two checks of the configuration file. */
const checkMs = 1_000;

/**
 * Applies the upstreams and the notices of the configuration file again when the file changes; other settings wait for a restart.
 *
 * A file that cannot be used leaves everything as it is. Returns the function that ends this.
 */
export function followUpstreams(
  gateway: Pick<Gateway, 'setUpstreams' | 'setNotices'>,
  input: SettingsInput,
  read: ResolvedSettings,
  logger: Logger,
): () => void {
  const { configFile } = read;
  if (configFile === undefined) return () => {};
  let inForce = JSON.stringify(read.settings.upstreams);
  let noticesInForce = JSON.stringify(read.settings.notices);
  const applyChanges = (): void => {
    const again = readSettings(input);
    if (!again.ok) {
      logger.error(
        { file: configFile, problem: again.error.message },
        'upstreams and notices stay as they were',
      );
      return;
    }
    const { upstreams, notices } = again.value.settings;
    if (JSON.stringify(notices) !== noticesInForce) {
      noticesInForce = JSON.stringify(notices);
      gateway.setNotices(notices);
      logger.info({ file: configFile }, 'notices changed');
    }
    if (JSON.stringify(upstreams) === inForce) return;
    inForce = JSON.stringify(upstreams);
    gateway.setUpstreams(upstreams);
    logger.info({ file: configFile, upstreams: upstreams.map(({ name }) => name) }, 'upstreams changed');
  };
  watchFile(configFile, { interval: checkMs, persistent: false }, applyChanges);
  return () => unwatchFile(configFile, applyChanges);
}
