#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { GatewayParts } from './gateway-parts.ts';
import { runProgram } from './program.ts';
import { createProcessShell } from './shell.ts';

const argv = process.argv.slice(2);
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** Loaded when it is needed, so that the client commands start at once. */
async function loadGateway(): Promise<GatewayParts> {
  const [{ createGateway }, { createLogger }] = await Promise.all([
    import('../gateway/index.ts'),
    import('./log.ts'),
  ]);
  return { createGateway, createLogger };
}

// A reader that has enough (`rollcall list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runProgram(argv, {
  context: { shell: createProcessShell(argv), version: manifest.version },
  loadGateway,
});
