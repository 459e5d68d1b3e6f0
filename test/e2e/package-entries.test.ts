import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';

assertEveryFrame();

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a module of text that may import the built package by its name. */
async function run(code: string): Promise<{ readonly output: string; readonly exitCode: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: root });
  const [output, errors, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { output: output + errors, exitCode };
}

describe('the entries of the package, in Node', () => {
  let gateway: Gateway;
  let url: string;
  beforeAll(async () => {
    gateway = createGateway({ port: 0, auth: { mode: 'token', token: 'secret' } });
    ({ url } = await gateway.start());
  });
  afterAll(() => gateway.close());

  const example = (entry: string, token: string): string => `
    import { createPresenceClient, RefusedError } from '${entry}';
    const client = createPresenceClient({ url: '${url}', token: '${token}', client: { displayName: 'probe' } });
    client.start();
    try {
      for await (const { kind, instance } of client.changes()) {
        if (instance.host === 'probe') { console.log(kind, instance.host); client.stop(); }
      }
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }`;

  it.each(['rollcall', 'rollcall/client'])('%s connects without a socket of its own', async (entry) => {
    expect(await run(example(entry, 'secret'))).toEqual({ output: 'join probe\n', exitCode: 0 });
  });

  it('a wrong token is reported with what to do, and the program ends', async () => {
    const { output, exitCode } = await run(example('rollcall/client', 'wrong'));
    expect(output).toMatch(/^the gateway refused this client: .*Pass the token of this gateway/);
    expect(exitCode).toBe(1);
  });

  it('the client for pages reports in Node what to pass where there is no WebSocket', async () => {
    const code = `
      delete globalThis.WebSocket;
      import('rollcall/client/browser').then(({ createPresenceClient }) => createPresenceClient({ url: 'ws://h' }))
        .catch((error) => console.log(error.message));`;
    expect((await run(code)).output).toContain('import { wsSocket } from "rollcall/client/node"');
  });
});

describe('the scripts of the command', () => {
  it('are strict, as the modules are that they were made from', () => {
    const folder = join(root, 'dist/bin');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    expect(scripts).toContain('main.js');
    for (const name of scripts)
      expect(readFileSync(join(folder, name), 'utf8'), name).toMatch(/^(#!.*\n)?["']use strict["'];/);
  });
});
