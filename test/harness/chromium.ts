import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe, it } from 'vitest';

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

/**
 * Describes tests that need a browser.
 *
 * Without one they say so loudly and do nothing; under CI they fail.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (existsSync(executablePath)) {
    describe(name, tests);
    return;
  }
  const notice = `NOT TESTED: ${name}: no browser at ${executablePath}; install chromium, or name another in CHROMIUM`;
  it(notice, () => {
    if (process.env['CI']) throw new Error(notice);
    process.stderr.write(`\n*** ${notice} ***\n`);
  });
}

/** Starts a browser without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}
