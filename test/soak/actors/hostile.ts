import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { type Actor, type Field, pause, repeating } from '../field.ts';
import type { Random } from '../random.ts';

/** Addresses of those who mean harm: not that of the honest, whose places they would take (PL1). */
const hostileAddress = (random: Random): string => `127.0.0.${2 + random.below(50)}`;

/** Bytes that mean nothing, about 20 kB per second and socket, with or without an upgrade before them. */
export function garbage(field: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 100,
    async act() {
      const socket = tcp(field, random);
      if (random.once(2)) socket.write(upgradeHead);
      for (let times = 0; times < 20 && !socket.destroyed; times += 1) {
        socket.write(random.bytes(1_024));
        field.findings.harmed('garbage kB');
        await pause(50);
      }
      socket.destroy();
    },
  });
}

/** Connects with a wrong token, or with something that is no connect, as fast as it is refused. */
export function stranger(field: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 20,
    async act() {
      const socket = webSocket(field, random);
      await open(socket);
      for (const message of random.pick(strangeStarts)) if (isOpen(socket)) socket.send(message);
      field.findings.harmed('bad handshakes');
      await Promise.race([closed(socket), pause(1_000)]);
      socket.terminate();
    },
  });
}

/** Comes in, then neither reads nor answers: as a machine does whose cable was pulled. */
export function halfOpen(field: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 500,
    async act() {
      const socket = await admitted(field, random, 'half-open', false);
      socket.pause();
      field.findings.harmed('half-open sockets');
      await pause(3_000);
      socket.terminate();
    },
  });
}

/** Comes in, floods with requests and pings, reads nothing for a while, then everything. */
export function slowReader(field: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 500,
    async act() {
      const socket = await admitted(field, random, 'slow', true);
      socket.pause();
      for (let times = 0; times < 400 && isOpen(socket); times += 1) {
        socket.send(random.pick(slowRequests));
        if (random.once(10)) socket.ping(random.bytes(100));
      }
      field.findings.harmed('slow readers');
      await pause(random.below(3_000));
      socket.resume();
      await pause(random.below(500));
      socket.terminate();
    },
  });
}

/** Opens a socket and says nothing, or a head letter by letter. */
export function idler(field: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 300,
    async act() {
      const socket = tcp(field, random);
      const letters = random.once(2) ? upgradeHead : '';
      for (let at = 0; at < 20 && !socket.destroyed; at += 1) {
        socket.write(letters.slice(at, at + 1));
        await pause(100);
      }
      field.findings.harmed('idle sockets');
      socket.destroy();
    },
  });
}

const upgradeHead =
  'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const requestText = (method: string, params?: unknown): string =>
  JSON.stringify({ type: 'req', id: 'x', method, params });

const connectParams = (token: string, mode: string): object => ({
  ...{ minProtocol: 3, maxProtocol: 4, role: 'operator', scopes: ['operator.admin'], auth: { token } },
  client: { id: 'harm', version: '1', platform: 'test', mode },
});

const strangeStarts: readonly (readonly (string | Buffer)[])[] = [
  [requestText('connect', connectParams('wrong', 'ui'))],
  [requestText('connect', { ...connectParams('wrong', 'ui'), role: 'root' })],
  [requestText('health'), requestText('connect')],
  ['not json'],
  ['[]', '{}'],
  ['['.repeat(60_000)],
  [Buffer.alloc(60_000, 0xff)],
  [requestText('connect', { client: { __proto__: null, constructor: 1 } })],
  [],
];

const slowRequests: readonly string[] = [
  requestText('presence.list'),
  requestText('system-presence'),
  requestText('nothing'),
  requestText('system-event', { text: 5 }),
  '{"type":"req"}',
  '{',
];

function tcp({ url }: Field, random: Random): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: hostileAddress(random) });
  socket.on('error', () => {});
  socket.resume();
  return socket;
}

function webSocket({ url }: Field, random: Random, autoPong = true): WebSocket {
  const socket = new WebSocket(url, {
    localAddress: hostileAddress(random),
    autoPong,
    perMessageDeflate: false,
  });
  socket.on('error', () => {});
  return socket;
}

async function admitted(field: Field, random: Random, mode: string, autoPong: boolean): Promise<WebSocket> {
  const socket = webSocket(field, random, autoPong);
  await open(socket);
  if (!isOpen(socket)) return socket;
  socket.send(requestText('connect', connectParams(field.token, mode)));
  await Promise.race([new Promise((resolve) => socket.once('message', resolve)), closed(socket)]);
  return socket;
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === WebSocket.OPEN;

const open = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => socket.once('open', resolve).once('close', resolve));

const closed = (socket: WebSocket): Promise<unknown> =>
  isOpen(socket) ? new Promise((resolve) => socket.once('close', resolve)) : Promise.resolve();
