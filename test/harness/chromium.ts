import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { chromiumPath } from '../../bench/servers/chromium.ts';
import { skipNote } from './required-program.ts';

export { launchChromium } from '../../bench/servers/chromium.ts';

/** Describes tests that need a browser: skipped, with the reason in the name, without one; under CI an error. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (existsSync(chromiumPath)) describe(name, tests);
  else describe.skip(`${name} (${skipNote(`needs chromium at ${chromiumPath} (or CHROMIUM)`)})`, tests);
}
