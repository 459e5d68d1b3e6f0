import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';
import { skipNote } from './required-program.ts';

/** Where Debian puts it; `CHROMIUM` names another one. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Without these, a browser on a closed network tries to reach its maker again and again. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Describes tests that need a browser: skipped, with the reason in the name, without one; under CI an error. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (existsSync(executablePath)) describe(name, tests);
  else describe.skip(`${name} (${skipNote(`needs chromium at ${executablePath} (or CHROMIUM)`)})`, tests);
}

/** Starts a browser without a window. */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...args, ...more] });
}
