/// <reference path="./x11.d.ts" />
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import x11, { type Client, type Test } from 'x11';

/** An X server without a screen, with a keyboard that tests press. */
export interface XServer {
  /** For the DISPLAY variable. */
  readonly display: string;
  /** Presses and releases a key; resolves when the server has seen it. */
  pressKey(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Xvfb on a display that is free. */
export async function startXServer(): Promise<XServer> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '64x64x8', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = `:${await firstLine(server)}`;
  const client = await connect(display);
  const keyboard = await new Promise<Test>((resolve, reject) => {
    client.require('xtest', (error, extension) => (error ? reject(error) : resolve(extension)));
  });
  return { display, pressKey: () => press(client, keyboard), close: () => close(server, client) };
}

async function firstLine(server: ChildProcess): Promise<string> {
  const [line] = await once(server.stdio[3] as Readable, 'data');
  return String(line).trim();
}

function connect(display: string): Promise<Client> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, opened: { client: Client }) =>
      error ? reject(error) : resolve(opened.client);
    x11.createClient({ display, shm: false }, done).on('error', reject);
  });
}

/** A letter on every keyboard that Xvfb makes. */
const keycode = 38;

async function press(client: Client, keyboard: Test): Promise<void> {
  keyboard.FakeInput(keyboard.KeyPress, keycode, 0, 0, 0, 0);
  keyboard.FakeInput(keyboard.KeyRelease, keycode, 0, 0, 0, 0);
  await client.sync();
}

async function close(server: ChildProcess, client: Client): Promise<void> {
  client.terminate();
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  await gone;
}
