import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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

/** Whether there is a browser. Without one, tests say so and do not run; in CI they fail. */
export const hasChromium: boolean = existsSync(executablePath);

if (!hasChromium) {
  const message = `no browser at ${executablePath}: install the package chromium, or name another in CHROMIUM`;
  if (process.env['CI'] !== undefined) throw new Error(message);
  process.stderr.write(`\n${message}; the tests of the page DO NOT RUN\n\n`);
}

/** Starts a browser without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}
