#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepYoungGenerationSmall, letHostNameAnswer } from '../host/index.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { endWithTerminal, guardOutput } from './output-guard.ts';

const argv = process.argv.slice(2);
// Other users can read the flags of a running program, and a flag may hold a secret.
process.title = ['rollcall', argv.find((word) => /^[a-z]+$/.test(word))].join(' ').trimEnd();

const manifest: { version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** Loaded when it is needed, so that the client commands start at once. */
async function loadGateway(): Promise<GatewayParts> {
  keepYoungGenerationSmall();
  letHostNameAnswer();
  const [{ createGateway }, { createLogger }] = await Promise.all([
    import('../gateway/index.ts'),
    import('./log.ts'),
  ]);
  const pageFolder = fileURLToPath(new URL('../web', import.meta.url));
  const loadEngines = async () => (await import('../sources/cluster/create-engine.ts')).createEngine;
  return {
    createGateway,
    createLogger,
    loadEngines,
    ...(existsSync(join(pageFolder, 'index.html')) && { pageFolder }),
  };
}

/** Loaded only when there is a command to run: the version needs none of it. */
async function runCommand(): Promise<number> {
  // Node 22.1 and later store compiled code for the next start.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { runProgram } = await import('./program.ts');
  const { createProcessShell } = await import('./shell.ts');
  return runProgram(argv, {
    context: {
      shell: createProcessShell(argv),
      version: manifest.version,
      docsFile: fileURLToPath(new URL('../../docs/README.md', import.meta.url)),
      schemaFile: fileURLToPath(new URL('../../docs/config.schema.json', import.meta.url)),
    },
    loadGateway,
  });
}

guardOutput(argv, process);
endWithTerminal(process);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else {
  // Not awaited here: CommonJS, which the bundle is written in, has no await outside of functions.
  void runCommand().then((exitCode) => {
    process.exitCode = exitCode;
  });
}
