import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { gatewayProcesses } from '../harness/gateway-process.ts';
import { describeWith } from '../harness/required-program.ts';
import { runRollcall } from '../harness/rollcall-process.ts';
import { startInTmux } from '../harness/tmux-terminal.ts';

const mainFile = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));
const token = 'a-token-for-the-test';
const { home, start } = gatewayProcesses();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function command(url: string, args: readonly string[], stdout: 'pipe' | number = 'pipe'): ChildProcess {
  const env = { ...home().env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token };
  const child = spawn(process.execPath, [mainFile, ...args], { env, stdio: ['ignore', stdout, 'pipe'] });
  children.push(child);
  return child;
}

/** Reads a line and closes the pipe, as `head -1` does; returns the exit code of the command and its standard error. */
async function readOneLine(child: ChildProcess, more: () => unknown = () => {}): Promise<unknown> {
  let complaint = '';
  const closed = once(child, 'close');
  child.stderr?.on('data', (piece) => {
    complaint += String(piece);
  });
  await once(child.stdout as Readable, 'data');
  (child.stdout as Readable).destroy();
  await more();
  const [code, signal] = await closed;
  return { code, signal, complaint };
}

const quiet = { code: 0, signal: null, complaint: '' };

describe('[PL7] both halves of a pipe', () => {
  it.each(['list', 'list --json', 'doctor', 'log', 'call presence.list'])(
    'rollcall %s: a reader that has enough is no error',
    async (words) => {
      const { url } = await start([], { ROLLCALL_TOKEN: token });
      expect(await readOneLine(command(url, words.split(' ')))).toEqual(quiet);
    },
  );

  it.each(['watch', 'log --follow'])('rollcall %s ends with its reader, at the next line', async (words) => {
    const { url } = await start([], { ROLLCALL_TOKEN: token });
    const env = { ...home().env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token };
    let ended = false;
    const child = command(url, words.split(' '));
    child.once('exit', () => {
      ended = true;
    });
    const end = await readOneLine(child, async () => {
      for (let at = 0; !ended && at < 20; at += 1) await runRollcall(['beacon', '--host', `h${at}`], env);
    });
    expect(end).toEqual(quiet);
  });

  it('a gateway whose output nobody reads any more continues, and still drains', async () => {
    const gateway = command('', ['gateway', '--port', '0']);
    const [banner] = await once(gateway.stdout as Readable, 'data');
    (gateway.stdout as Readable).destroy();
    gateway.stderr?.destroy();
    const url = /ws:\/\/\S+/.exec(String(banner))?.[0] ?? '';
    const env = { ...home().env, ROLLCALL_TOKEN: 'wrong', ROLLCALL_URL: url };
    // The refusal is logged to the closed pipe.
    expect(await runRollcall(['list'], env)).toMatchObject({ code: 1 });
    expect((await fetch(`${url.replace('ws', 'http')}/healthz`)).status).toBe(200);
    const ended = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it.skipIf(process.platform !== 'linux')('a full disk is reported in one line', async () => {
    const { url } = await start([], { ROLLCALL_TOKEN: token });
    const child = command(url, ['list'], openSync('/dev/full', 'w'));
    let complaint = '';
    child.stderr?.on('data', (piece) => {
      complaint += String(piece);
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(complaint).toMatch(/^rollcall: cannot write the output: ENOSPC[^\n]*\n$/);
  });
});

describeWith(['tmux'], 'a terminal that is closed', () => {
  it('[PW8] ends its gateway as a stop does', async () => {
    const terminal = await startInTmux({
      args: ['gateway', '--port', '0'],
      env: { ...home().env, ROLLCALL_TOKEN: token },
      columns: 100,
      rows: 30,
    });
    const screen = await terminal.shows((text) => text.includes('Press Ctrl+C'));
    const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(screen)?.[0] ?? '';
    const watcher = command(url, ['watch', '--json']);
    let complaint = '';
    watcher.stderr?.on('data', (piece) => {
      complaint += String(piece);
    });
    await once(watcher.stdout as Readable, 'data');
    terminal.close();
    await expect.poll(() => complaint).toContain('the gateway stopped: gateway stopping');
  });
});
