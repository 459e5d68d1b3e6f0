import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/index.ts';
import { connectParams, testToken } from '../harness/connect-params.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { RawSocket } from '../harness/raw-socket.ts';
import { opcode, RawWebSocket, rawFrame, request } from '../harness/raw-web-socket.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const upgrade = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key];

/** Sends a head and returns the status line of the answer. */
async function answered(gateway: ListeningGateway, lines: readonly string[]): Promise<string> {
  const client = new RawSocket(gateway.url);
  client.send(`${lines.join('\r\n')}\r\n\r\n`);
  const head = await client.head();
  client.destroy();
  return head.split('\r\n', 1)[0] ?? '';
}

describe('upgrades that are none', () => {
  it.each([
    ['without a key', 400, upgrade.filter((line) => line !== key)],
    [
      'with a key that is too short',
      400,
      upgrade.map((line) => (line === key ? 'Sec-WebSocket-Key: aa==' : line)),
    ],
    ['with version 12', 400, upgrade.map((line) => line.replace('13', '12'))],
  ])('[PW10] %s', async (_, status, lines) => {
    const gateway = await start();
    expect(await answered(gateway, ['GET / HTTP/1.1', ...lines])).toContain(` ${status} `);
    await rosterObserver(gateway);
  });

  it.each(['h2c', 'TLS/1.0', 'h2c, TLS/1.3'])('[PW11] an offer of %s is ignored', async (protocol) => {
    const gateway = await start();
    const offer = ['Host: 127.0.0.1', 'Connection: Upgrade, HTTP2-Settings', `Upgrade: ${protocol}`];
    expect(await answered(gateway, ['GET /healthz HTTP/1.1', ...offer])).toContain(' 200 ');
    const body = '{"text":"x","host":"offered"}';
    const client = new RawSocket(gateway.url);
    const head = [...offer, 'Authorization: Bearer secret', `Content-Length: ${body.length}`];
    client.send(`POST /api/v1/beacons HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body.slice(0, 9)}`);
    client.send(body.slice(9));
    expect(await client.head()).toContain(' 401 ');
    client.destroy();
  });

  it.each(['WebSocket', 'websocket, h2c', 'h2c, WebSocket', 'h2c,websocket ,TLS/1.3'])(
    '[PW11] a WebSocket among other offers is taken: %s',
    async (offers) => {
      const gateway = await start();
      const lines = upgrade.map((line) => line.replace('websocket', offers));
      expect(await answered(gateway, ['GET / HTTP/1.1', ...lines])).toContain(' 101 ');
    },
  );

  it('[PW11] a WebSocket in a second header of offers is taken', async () => {
    const lines = ['GET / HTTP/1.1', 'Upgrade: h2c', ...upgrade];
    expect(await answered(await start(), lines)).toContain(' 101 ');
  });

  it('[PW11] an offer by HTTP/1.0 is ignored (RFC 9110, 7.8)', async () => {
    expect(await answered(await start(), ['GET /healthz HTTP/1.0', ...upgrade])).toContain(' 200 ');
  });

  it.each([
    ['of the spelling [0:0:0:0:0:0:0:1]:80', 101, ['Host: [0:0:0:0:0:0:0:1]:80']],
    ['without a host', 400, []],
    ['of an empty host', 400, ['Host:']],
    ['of a host that is no address', 400, ['Host: 527.0.0.1']],
    ['of two hosts', 400, ['Host: a', 'host: b']],
    ['of one host twice', 400, ['Host: a', 'Host: a']],
  ])('[PW11] a WebSocket %s: %i', async (_, status, hosts) => {
    const gateway = await start();
    const lines = ['GET / HTTP/1.1', ...hosts, ...upgrade.slice(1)];
    expect(await answered(gateway, lines)).toContain(` ${status} `);
    await rosterObserver(gateway);
  });

  it('[PA6] a WebSocket of two origins is refused, whichever comes first', async () => {
    const gateway = await start();
    const { host } = new URL(gateway.url);
    const own = `Origin: http://${host}`;
    const foreign = 'Origin: https://evil.example';
    const outcomes: unknown[] = [];
    for (const origins of [[own], [own, foreign], [foreign, own], [own, own]]) {
      const client = new RawSocket(gateway.url);
      const lines = ['GET / HTTP/1.1', `Host: ${host}`, ...upgrade.slice(1), ...origins];
      client.send(`${lines.join('\r\n')}\r\n\r\n`);
      await client.head();
      client.send(rawFrame({ opcode: opcode.text, payload: request('c', 'connect', connectParams()) }));
      const isOk = (received: Buffer): string | undefined =>
        /"ok":(true|false)/.exec(received.toString('latin1'))?.[1];
      outcomes.push(await client.until(isOk));
      client.destroy();
    }
    expect(outcomes).toEqual(['true', 'false', 'false', 'false']);
  });

  it.each([
    ['hangs up', 'Content-Length: 50', '{'],
    ['sends a chunk that is none', 'Transfer-Encoding: chunked', 'zz\r\n'],
  ])('[PL7] a client that %s in its body leaves no error in the log', async (_, length, body) => {
    const errors: unknown[] = [];
    const note = (...what: unknown[]): void => void errors.push(what);
    const gateway = await start({ logger: { ...silentLogger, warn: note, error: note } });
    const head = ['POST /api/v1/beacons HTTP/1.1', 'Host: a', `Authorization: Bearer ${testToken}`, length];
    const client = new RawSocket(gateway.url);
    const isServed = (): Promise<string> => answered(gateway, ['GET /healthz HTTP/1.1', 'Host: a']);
    await isServed();
    client.send(`${head.join('\r\n')}\r\n\r\n`);
    await isServed();
    client.send(body);
    await isServed();
    client.socket.end();
    await client.closed;
    await isServed();
    expect(errors).toEqual([]);
  });

  it.each([
    ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', ' 200 '],
    ['HEAD', 'HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', ' 200 '],
    ['an absolute address', 'GET http://a.example/healthz HTTP/1.1\r\nHost: a.example\r\n\r\n', ' 200 '],
    ['a host that is no address', 'GET /healthz HTTP/1.1\r\nHost: 527.0.0.1\r\n\r\n', ' 400 '],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n', ' 400 '],
    ['a host with a path', 'GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n', ' 400 '],
    ['an address that is none', 'GET http://[::1/healthz HTTP/1.1\r\nHost: a\r\n\r\n', ' 400 '],
  ])('[PW11] %s', async (_, bytes, status) => {
    const gateway = await start();
    const client = new RawSocket(gateway.url);
    client.send(bytes);
    expect((await client.head()).split('\r\n', 1)[0]).toContain(status);
    client.destroy();
    await rosterObserver(gateway);
  });

  it('[PW10] by POST', async () => {
    const gateway = await start();
    expect(await answered(gateway, ['POST / HTTP/1.1', ...upgrade])).toContain(' 405 ');
  });

  it.each([
    ['no HTTP at all', 'hello there\r\n\r\n'],
    ['TLS', Buffer.from([0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3])],
    ['zeros', Buffer.alloc(1_024)],
    ['a head that never ends', `GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['a path of 100 000 characters', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`],
    [
      'two lengths',
      'POST /api/v1/beacons HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with a NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n'],
  ])('[PW10] %s', async (_, bytes) => {
    const gateway = await start();
    const client = new RawSocket(gateway.url);
    client.send(bytes);
    await client.closed;
    expect(client.received.toString('latin1')).toMatch(/^(HTTP\/1.1 4\d\d |$)/);
    await rosterObserver(gateway);
  });
});

describe('a handshake that goes over its bounds', () => {
  it('[PL1] a connect of more than 64 KiB: 1009, and nobody was admitted', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = await RawWebSocket.open(gateway.url, { connects: false });
      const payload = request('big', 'connect', connectParams()) + ' '.repeat(65_536);
      client.frameOut({ opcode: opcode.text, payload });
      expect((await client.ending()).code).toBe(1009);
      client.destroy();
    });
  });

  it('[PL1] a connect in more than 1 024 fragments: 1009, and nobody was admitted', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = await RawWebSocket.open(gateway.url, { connects: false });
      client.send(Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]));
      const ending = client.ending();
      let isOver = false;
      void ending.finally(() => {
        isOver = true;
      });
      let sentBytes = 0;
      while (!isOver) {
        client.send(Buffer.from(' '));
        sentBytes += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect((await ending).code).toBe(1009);
      expect(sentBytes).toBeLessThan(16_384);
      client.destroy();
    });
  });

  it('[PL1] a connect after 64 KiB of pongs: 1009, and nobody was admitted', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = await RawWebSocket.open(gateway.url, { connects: false });
      const pongs = Buffer.concat(
        Array.from({ length: 600 }, () => rawFrame({ opcode: opcode.pong, payload: 'x'.repeat(125) })),
      );
      client.send(pongs);
      client.frameOut({ opcode: opcode.text, payload: request('late', 'connect', connectParams()) });
      expect((await client.ending()).code).toBe(1009);
      client.destroy();
    });
  });

  it('[PL1] frames after the refusal change nothing', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = await RawWebSocket.open(gateway.url, { connects: false });
      const connects = [{ auth: { token: 'wrong' } }, {}].map((overrides, index) =>
        rawFrame({ opcode: opcode.text, payload: request(`c${index}`, 'connect', connectParams(overrides)) }),
      );
      client.send(Buffer.concat(connects));
      expect((await client.ending()).code).toBe(1008);
      client.destroy();
    });
  });
});
