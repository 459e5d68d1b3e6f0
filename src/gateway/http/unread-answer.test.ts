import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { UnreadBytes } from '../../sinks/index.ts';
import { countUnread } from './unread-answer.ts';

const answerBytes = 64 * 1_048_576;
const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server whose answers are larger than what systems take of them unread. */
async function serve(unread: UnreadBytes): Promise<{ ask(): Promise<Socket> }> {
  let answered = (): void => {};
  const server = createServer((_, response) => {
    countUnread(response, unread);
    response.end(Buffer.alloc(answerBytes));
    answered();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async ask() {
      const isAnswered = new Promise<void>((resolve) => {
        answered = resolve;
      });
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      sockets.push(socket);
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await isAnswered;
      return socket;
    },
  };
}

/** Reads to the end; returns the number of bytes. */
async function readAll(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return bytes;
}

it('[PL8] an answer that is not read counts until it is', async () => {
  const unread = new UnreadBytes({ maxUnreadBytes: 1_073_741_824, clock: new ManualClock() });
  const { ask } = await serve(unread);
  const socket = await ask();
  expect(unread.bytes).toBeGreaterThan(0);
  expect(await readAll(socket)).toBeGreaterThan(answerBytes);
  await expect.poll(() => unread.bytes).toBe(0);
});

it('[PL8] of several the slowest is cut off', async () => {
  const clock = new ManualClock();
  const unread = new UnreadBytes({ maxUnreadBytes: 1.5 * answerBytes, clock });
  const { ask } = await serve(unread);
  const first = await ask();
  clock.advance(10_000);
  const second = await ask();
  expect(await readAll(first)).toBeLessThan(answerBytes);
  expect(await readAll(second)).toBeGreaterThan(answerBytes);
});
