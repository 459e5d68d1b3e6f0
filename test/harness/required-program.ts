import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Whether a test can run that needs these programs.
 *
 * Under CI a missing program fails the test; on a developer's machine it is said loudly and the test does nothing.
 */
export function hasPrograms(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !isOnPath(name));
  if (missing.length === 0) return true;
  const notice = `NOT TESTED: this test needs ${missing.join(', ')}; install it (Debian: apt-get install)`;
  if (process.env['CI']) throw new Error(notice);
  process.stderr.write(`\n*** ${notice} ***\n`);
  return false;
}

function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
