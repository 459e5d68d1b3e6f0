import { afterEach, describe, expect, it } from 'vitest';
import { testToken } from '../harness/connect-params.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { RawSocket } from '../harness/raw-socket.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();
const sockets: RawSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

function dial(gateway: ListeningGateway): RawSocket {
  const socket = new RawSocket(gateway.url);
  sockets.push(socket);
  return socket;
}

const head = (line: string, ...fields: readonly string[]): string =>
  [line, 'Host: 127.0.0.1', `Authorization: Bearer ${testToken}`, ...fields, '', ''].join('\r\n');

/** Reads an answer with a length; returns its status. */
async function answer(socket: RawSocket): Promise<number> {
  const text = await socket.head();
  const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
  await socket.until((received) => (received.length >= length ? true : undefined));
  socket.take(length);
  return Number(text.split(' ', 2)[1]);
}

describe('HTTP as bytes', () => {
  it('answers one request after the other on one connection', async () => {
    const socket = dial(await start());
    for (let times = 0; times < 5; times += 1) {
      socket.send(head('GET /api/v1/presence HTTP/1.1'));
      expect(await answer(socket)).toBe(200);
    }
  });

  it('answers requests that come together in order', async () => {
    const socket = dial(await start());
    const paths = ['/healthz', '/api/v1/nothing', '/api/v1/presence', '/api/v1/presence?x=1', '/readyz'];
    socket.send(paths.map((path) => head(`GET ${path} HTTP/1.1`)).join(''));
    const statuses: number[] = [];
    for (const _ of paths) statuses.push(await answer(socket));
    expect(statuses).toEqual([200, 404, 200, 400, 200]);
  });

  it('[PL1] a head that arrives letter by letter is closed', async () => {
    const gateway = await start({ handshakeTimeoutMs: 300 });
    const socket = dial(gateway);
    socket.send('GET /healthz HTTP/1.1\r\nX: ');
    const drip = setInterval(() => socket.send('y'), 50);
    await socket.closed;
    clearInterval(drip);
    expect(socket.received.toString()).toContain('HTTP/1.1 408 ');
    await rosterObserver(gateway);
  });

  it('[PL1] a silent connection is closed', async () => {
    const socket = dial(await start({ handshakeTimeoutMs: 300 }));
    await socket.closed;
    expect(socket.received.toString()).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  it('[PL1] a body with a huge length is refused before it arrives', async () => {
    const gateway = await start();
    const socket = dial(gateway);
    socket.send(head('POST /api/v1/beacons HTTP/1.1', 'Content-Length: 99999999999'));
    expect(await answer(socket)).toBe(413);
    await rosterObserver(gateway);
  });

  it('[PL1] a body in chunks is refused at its limit, whatever is sent after it', async () => {
    const gateway = await start();
    const socket = dial(gateway);
    socket.send(head('POST /api/v1/beacons HTTP/1.1', 'Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let times = 0; times < 20; times += 1) socket.send(chunk);
    expect(await answer(socket)).toBe(413);
    await rosterObserver(gateway);
  });

  it('[PA1] a body without a credential is not read', async () => {
    const gateway = await start();
    const socket = dial(gateway);
    socket.send('POST /api/v1/beacons HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{');
    expect(await answer(socket)).toBe(401);
    await rosterObserver(gateway);
  });

  it.each([
    ['/%', 404],
    ['/%00', 404],
    ['/api/v1/%E0%A4%A', 404],
    ['//evil.example/', 404],
    ['/../../etc/passwd', 404],
    ['/..%2f..%2fetc/passwd', 404],
    ['/api/v1/presence#x', 200],
    ['/api/v1/presence?mode=%ff', 200],
    ['http://127.0.0.1/healthz', 200],
    ['*', 404],
  ])('GET %s: no fault of the gateway', async (path, status) => {
    const gateway = await start();
    const socket = dial(gateway);
    socket.send(head(`GET ${path} HTTP/1.1`));
    const got = await answer(socket);
    expect([status, 400]).toContain(got);
    await rosterObserver(gateway);
  });

  it('answers HTTP/1.0 and closes', async () => {
    const socket = dial(await start());
    socket.send('GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n');
    expect(await answer(socket)).toBe(200);
    await socket.closed;
  });

  it('a client that disconnects in the middle of its request affects no other', async () => {
    const gateway = await start();
    for (const part of ['GET /api/v1/pre', head('POST /api/v1/beacons HTTP/1.1', 'Content-Length: 50')]) {
      const socket = dial(gateway);
      socket.send(part);
      await socket.until(() => true);
      socket.destroy();
      await socket.closed;
    }
    await rosterObserver(gateway);
  });
});
