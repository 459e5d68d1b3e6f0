import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as dialTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectParams, testToken } from '../harness/connect-params.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { RawSocket } from '../harness/raw-socket.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { selfSigned } from '../harness/self-signed.ts';
import { askUpgrade } from '../harness/upgrade-answer.ts';

const start = gatewayStarter();

async function tooMany(gateway: ListeningGateway, message: string): Promise<void> {
  const { status, headers, body } = await askUpgrade(gateway.url);
  expect(status).toBe(503);
  expect(headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
  expect(JSON.parse(body)).toEqual({ error: { code: 'UNAVAILABLE', message, retryable: true } });
}

describe('bodies of HTTP requests', () => {
  it('[PL6] that never end are bounded per credential and address; one that ends is taken meanwhile', async () => {
    const gateway = await start({ maxPayloadBytes: 1_024, maxUnfinishedBytesPerClient: 65_536 });
    const head = ['POST /api/v1/beacons HTTP/1.1', 'Host: a', `Authorization: Bearer ${testToken}`];
    const unfinished = Array.from({ length: 4 }, () => new RawSocket(gateway.url));
    const ends = unfinished.map(async (socket) => {
      socket.send(`${[...head, 'Content-Length: 1000000'].join('\r\n')}\r\n\r\n${'x'.repeat(900_000)}`);
      return (await socket.head()).split('\r\n');
    });
    const [status, ...headers] = await Promise.any(ends);
    expect(status).toBe('HTTP/1.1 503 Service Unavailable');
    expect(headers.join()).toContain('application/json');
    const body = '{"text":"here","instanceId":"desk"}';
    const honest = new RawSocket(gateway.url);
    honest.send(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
    expect(await honest.head()).toContain('HTTP/1.1 200 ');
    for (const socket of [...unfinished, honest]) socket.destroy();
    await Promise.allSettled(ends);
  });

  it('[PL6] that do not end in time are answered and closed', async () => {
    const gateway = await start();
    const socket = new RawSocket(gateway.url);
    const head = ['POST /api/v1/beacons HTTP/1.1', 'Host: a', `Authorization: Bearer ${testToken}`];
    socket.send(`${[...head, 'Content-Length: 100'].join('\r\n')}\r\n\r\n{`);
    const answer = socket.head();
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      // The time limit of the body runs from here on.
      gateway.timers.advance(31_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toContain('HTTP/1.1 503 ');
    socket.destroy();
  });
});

describe('connections', () => {
  it('[PL1] the 33rd unauthenticated socket of an address gets HTTP 503; one that signs in makes room', async () => {
    const gateway = await start();
    const waiting = Array.from({ length: 32 }, () => gateway.dial());
    for (const client of waiting) await client.nonce();
    await tooMany(gateway, 'too many unauthenticated connections from this address');
    await waiting[0]?.connect();
    expect((await askUpgrade(gateway.url)).status).toBe(101);
    await waiting[1]?.close();
    await gateway.dial().connect();
  });

  it('[PL1] the number is maxPreauthSocketsPerAddress', async () => {
    const gateway = await start({ maxPreauthSocketsPerAddress: 1 });
    await gateway.dial().nonce();
    await tooMany(gateway, 'too many unauthenticated connections from this address');
  });

  it('[PI3] [PL1] behind a trusted proxy the address is that of the client', async () => {
    const gateway = await start({ maxPreauthSocketsPerAddress: 1, trustedProxies: ['127.0.0.1'] });
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    await gateway.dial({ headers: from('198.51.100.1') }).nonce();
    expect((await askUpgrade(gateway.url, from('198.51.100.1'))).status).toBe(503);
    expect((await askUpgrade(gateway.url, from('198.51.100.2'))).status).toBe(101);
    // Addresses that a client puts before that of the proxy change nothing.
    expect((await askUpgrade(gateway.url, from('203.0.113.9, 198.51.100.1'))).status).toBe(503);
  });

  it('[PI3] the row shows the address of the client, and a forged one only from a trusted proxy', async () => {
    const headers = { Forwarded: 'for="[2001:db8::17]:4711"' };
    for (const [trustedProxies, ip] of [
      [['127.0.0.0/8'], '2001:db8::17'],
      [[], undefined],
    ] as const) {
      const gateway = await start({ trustedProxies });
      const hello = await gateway.dial({ headers }).connect({ client: { instanceId: 'a' } });
      expect(hello.snapshot.presence[1]?.ip).toBe(ip);
    }
  });

  it('[PL5] beyond maxConnections an upgrade gets HTTP 503', async () => {
    const gateway = await start({ maxConnections: 2 });
    const first = gateway.dial();
    await first.connect();
    await gateway.dial().connect();
    await tooMany(gateway, 'too many connections');
    await first.close();
    await gateway.dial().connect();
  });

  it('[PL1] a silent socket is dropped after handshakeTimeoutMs', async () => {
    const gateway = await start({ handshakeTimeoutMs: 200 });
    const socket = dialTcp(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.resume();
    await once(socket, 'close');
  });

  it('[PW2] [PL1] an upgraded socket that does not sign in is closed with 1000 after 15 s', async () => {
    const gateway = await start();
    const client = gateway.dial();
    await client.nonce();
    gateway.timers.advance(15_000);
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });
});

describe('sockets without a request', () => {
  /** Silent, in the middle of a head, and kept after an answer; the gateway has seen them all. */
  async function loiterers(gateway: ListeningGateway, count: number): Promise<RawSocket[]> {
    const starts = ['', 'GET / HT', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'];
    const sockets = Array.from({ length: count }, () => new RawSocket(gateway.url));
    for (const [index, socket] of sockets.entries()) {
      const start = starts[index % starts.length] ?? '';
      socket.send(start);
      if (start.endsWith('\r\n\r\n'))
        await socket.until((received) => received.includes('"ok":true') || undefined);
    }
    await gateway.dial().connect();
    return sockets;
  }

  it('[PL1] are dropped beyond the number of an address, and no request is refused', async () => {
    const gateway = await start({ maxPreauthSocketsPerAddress: 4 });
    const sockets = await loiterers(gateway, 60);
    gateway.timers.advance(2_000);
    const left = (): RawSocket[] => sockets.filter(({ isClosed }) => !isClosed);
    while (left().length > 4) await Promise.race(left().map(({ closed }) => closed));
    await gateway.dial().connect();
    expect(left()).toHaveLength(4);
    for (const socket of sockets) socket.destroy();
  });

  it('[PL1] are counted below TLS, where a connection and its requests have different sockets', async (context) => {
    requirePrograms(context, 'openssl');
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-limits-'));
    const { cert, ...tls } = selfSigned(folder, 'gateway');
    const gateway = await start({ maxPreauthSocketsPerAddress: 1, tls });
    const client = gateway.dial({ ca: cert });
    await client.connect();
    const silent = [1, 2, 3].map(() => new RawSocket(gateway.url));
    await gateway.dial({ ca: cert }).connect();
    gateway.timers.advance(2_000);
    await Promise.all(silent.slice(0, 2).map(({ closed }) => closed));
    await client.call('health');
    for (const socket of silent) socket.destroy();
    rmSync(folder, { recursive: true });
  });

  it('[PL1] [PI3] are not counted against a trusted proxy', async () => {
    const gateway = await start({ maxPreauthSocketsPerAddress: 4, trustedProxies: ['127.0.0.1'] });
    const sockets = await loiterers(gateway, 12);
    gateway.timers.advance(60_000);
    await gateway.dial().connect();
    expect(sockets.filter(({ isClosed }) => isClosed)).toEqual([]);
    for (const socket of sockets) socket.destroy();
  });
});

describe('messages', () => {
  it('[PL1] before the handshake 64 KiB are the most', async () => {
    const gateway = await start();
    const client = gateway.dial();
    await client.nonce();
    client.send('x'.repeat(65_600));
    expect((await client.closed).code).toBe(1009);
  });

  it('[PL1] after it maxPayloadBytes', async () => {
    const gateway = await start({ maxPayloadBytes: 100_000 });
    const client = gateway.dial();
    await client.connect();
    await client.refused('system-event', { text: 'x'.repeat(99_000) });
    client.send(JSON.stringify({ type: 'req', id: '2', method: 'health', params: 'x'.repeat(100_000) }));
    expect((await client.closed).code).toBe(1009);
  });

  it('[PT3] a credential makes maxNewInstancesPerMinute new rows, by connecting and by beacons; known rows are admitted', async () => {
    const gateway = await start({ maxNewInstancesPerMinute: 3 });
    const limited = { code: 'UNAVAILABLE', retryable: true, details: { code: 'NEW_INSTANCES_LIMITED' } };
    const enter = (instanceId: string, client = {}) =>
      connectParams({ client: { instanceId, ...client }, scopes: ['operator.read', 'operator.write'] });
    const writer = gateway.dial();
    await writer.connect(enter('a'));
    await gateway.dial().connect(enter('b'));
    await writer.call('system-event', { text: 't', instanceId: 'c' });
    expect(await writer.refused('system-event', { text: 't', instanceId: 'd' })).toMatchObject(limited);
    expect(await writer.refused('system-event', [{ text: 't', host: 'd' }])).toMatchObject(limited);
    const late = gateway.dial();
    await late.nonce();
    expect(await late.refused('connect', enter('d'))).toMatchObject(limited);
    await writer.call('system-event', { text: 't', instanceId: 'C' });
    await gateway.dial().connect(enter('B'));
    await gateway.dial().connect(enter('command', { mode: 'cli' }));
    const post = () =>
      fetch(`${gateway.url.replace('ws', 'http')}/api/v1/beacons`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${testToken}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: 't', host: 'e' }),
      });
    const answer = await post();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    gateway.timers.advance(60_000);
    expect((await post()).status).toBe(200);
  });

  it('[PL3] requests beyond the burst are refused with the time to wait; then they are answered', async () => {
    const gateway = await start({ requestsPerSecond: 10, requestBurst: 3 });
    const client = gateway.dial();
    await client.connect();
    for (let request = 0; request < 3; request += 1) await client.call('health');
    const error = await client.refused('health');
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      retryAfterMs: 100,
      details: { code: 'RATE_LIMITED' },
    });
    gateway.timers.advance(100);
    await client.call('health');
    const other = gateway.dial();
    await other.connect();
    await other.call('health');
  });

  it('[PL3] frames that are no requests count as well', async () => {
    const gateway = await start({ requestsPerSecond: 1, requestBurst: 2 });
    const client = gateway.dial();
    await client.connect();
    for (const id of ['a', 'b', 'c']) client.send(JSON.stringify({ type: 'nonsense', id }));
    expect(await client.answer('c')).toMatchObject({ error: { details: { code: 'RATE_LIMITED' } } });
  });
});

describe('authentication', () => {
  it('[PA7] ten wrong tokens shut the address out for five minutes, the right one included', async () => {
    const gateway = await start({ authLockoutLoopback: true });
    for (let guess = 0; guess < 10; guess += 1) {
      const client = gateway.dial();
      await client.nonce();
      const params = connectParams({ auth: { token: `guess-${guess}` } });
      expect((await client.refused('connect', params)).details).toMatchObject({
        code: 'AUTH_TOKEN_MISMATCH',
      });
    }
    const late = gateway.dial();
    await late.nonce();
    expect(await late.refused('connect', connectParams())).toMatchObject({
      retryable: true,
      retryAfterMs: 300_000,
      details: { code: 'AUTH_RATE_LIMITED' },
    });
    expect((await late.closed).code).toBe(1008);
    gateway.timers.advance(300_000);
    await gateway.dial().connect({ auth: { token: testToken } });
  });

  it('[PA7] loopback is exempt, but not what comes from a proxy on this machine', async () => {
    const gateway = await start({ maxAuthFailures: 1 });
    const code = async (headers: Record<string, string>, token: string): Promise<unknown> => {
      const client = gateway.dial({ headers });
      await client.nonce();
      return (await client.refused('connect', connectParams({ auth: { token } }))).details?.['code'];
    };
    await code({}, 'guess');
    await gateway.dial().connect();
    const proxied = { 'X-Forwarded-For': '198.51.100.1' };
    await code(proxied, 'guess');
    expect(await code(proxied, testToken)).toBe('AUTH_RATE_LIMITED');
    await gateway.dial().connect();
  });
});
