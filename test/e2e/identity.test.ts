import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GatewayOptions } from '../../src/gateway/index.ts';
import { testToken } from '../harness/connect-params.ts';
import { openStream } from '../harness/event-stream.ts';
import { askHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';

const start = gatewayStarter();

const grants = [
  { users: ['*@example.org'], scopes: ['operator.read'] },
  { users: ['ada@example.org'], groups: ['ops'], scopes: ['operator.write'] },
];
const byHeader = { header: 'X-Forwarded-User', groupsHeader: 'X-Forwarded-Groups', grants };
const behindProxy: Partial<GatewayOptions> = { trustedProxies: ['127.0.0.1'], identity: byHeader };
const ada = { 'X-Forwarded-User': 'Ada@example.org' };

const handshakeOf = async (
  gateway: ListeningGateway,
  headers: Readonly<Record<string, string>>,
  overrides: Record<string, unknown> = {},
): Promise<{ scopes: readonly string[] } | string> => {
  const client = gateway.dial({ headers });
  try {
    const scopes = ['operator.read', 'operator.write', 'operator.admin'];
    const hello = await client.connect({ auth: undefined, scopes, ...overrides });
    return { scopes: hello.auth?.scopes ?? [] };
  } catch (error) {
    return String(error);
  }
};

describe('a person whom a proxy names by a header', () => {
  it('[PA9] [PA11] is admitted by WebSocket, HTTP and stream, with the scopes of its grants', async () => {
    const gateway = await start(behindProxy);
    const hello = await handshakeOf(gateway, ada);
    expect(hello).toMatchObject({ scopes: expect.arrayContaining(['operator.read', 'operator.write']) });
    expect(hello).not.toMatchObject({ scopes: expect.arrayContaining(['operator.admin']) });
    expect((await askHttp(gateway, '/api/v1/presence', { token: null, headers: ada })).status).toBe(200);
    const stream = await openStream(gateway, { token: null, headers: ada });
    await stream.event('snapshot');
    stream.close();
  });

  it.each([
    ['a login of the domain reads', { 'X-Forwarded-User': 'bob@example.org' }, 200, 403],
    [
      'a group adds its scopes',
      { 'X-Forwarded-User': 'eve@other.org', 'X-Forwarded-Groups': 'a, ops' },
      200,
      200,
    ],
    ['nobody has granted it anything', { 'X-Forwarded-User': 'eve@other.org' }, 403, 403],
    ['a domain that only ends alike', { 'X-Forwarded-User': 'eve@notexample.org' }, 403, 403],
  ])('[PA11] %s', async (_, headers, read, write) => {
    const gateway = await start(behindProxy);
    const body = { text: 'x', instanceId: 'x' };
    expect((await askHttp(gateway, '/api/v1/presence', { token: null, headers })).status).toBe(read);
    expect((await askHttp(gateway, '/api/v1/beacons', { token: null, headers, body })).status).toBe(write);
  });

  it('[PA9] is ignored from a peer that is no trusted proxy', async () => {
    const gateway = await start({ trustedProxies: ['192.0.2.1'], identity: byHeader });
    const { status, json } = await askHttp(gateway, '/api/v1/presence', { token: null, headers: ada });
    expect(status).toBe(401);
    expect(json.error.details.code).toBe('AUTH_TOKEN_MISSING');
    expect(await handshakeOf(gateway, ada)).toContain('token missing');
    const claimed = { ...ada, 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1' };
    expect(await handshakeOf(gateway, claimed)).toContain('token missing');
  });

  it('[PA9] has no scopes by default', async () => {
    const gateway = await start({ trustedProxies: ['127.0.0.1'] });
    expect(await handshakeOf(gateway, ada)).toContain('token missing');
  });

  it.each(['ada@example.org, eve@other.org', 'ada example', 'x'.repeat(257), 'a\u009bb'])(
    '[PA9] %j names nobody',
    async (login) => {
      const gateway = await start(behindProxy);
      const headers = { 'X-Forwarded-User': login };
      const { status, json } = await askHttp(gateway, '/api/v1/presence', { token: null, headers });
      expect(status).toBe(401);
      expect(json.error.details.code).toBe('IDENTITY_INVALID');
    },
  );

  it('[PA9] a header that comes twice names nobody', async () => {
    const gateway = await start(behindProxy);
    const headers = { 'X-Forwarded-User': ['ada@example.org', 'ada@example.org'] };
    expect((await askHttp(gateway, '/api/v1/presence', { token: null, headers })).status).toBe(401);
  });

  it('[PA11] a secret that is sent beside it is checked alone', async () => {
    const gateway = await start(behindProxy);
    expect((await askHttp(gateway, '/api/v1/presence', { token: 'wrong', headers: ada })).status).toBe(401);
    expect(await handshakeOf(gateway, ada, { auth: { token: 'wrong' } })).toContain('token mismatch');
    const own = await handshakeOf(gateway, ada, { auth: { token: testToken } });
    expect(own).toMatchObject({ scopes: expect.arrayContaining(['operator.admin']) });
  });

  it('[PA6] a foreign page cannot act as the person whose browser shows it', async () => {
    const gateway = await start(behindProxy);
    const headers = { ...ada, Origin: 'https://evil.example' };
    expect(await handshakeOf(gateway, headers)).toContain('origin not allowed');
    const body = { text: 'x', instanceId: 'x' };
    expect((await askHttp(gateway, '/api/v1/beacons', { token: null, headers, body })).status).toBe(403);
  });

  it('[PA11] is no node', async () => {
    const gateway = await start(behindProxy);
    expect(await handshakeOf(gateway, ada, { role: 'node', scopes: [] })).toContain('role not granted');
  });
});

describe('a person whom a JWT names', () => {
  const issuer = 'https://id.example.org';
  const audience = 'rollcall';
  const header = 'Cf-Access-Jwt-Assertion';
  let folder: string;
  let file: string;
  let first: Awaited<ReturnType<typeof generateKeyPair>>;
  let second: typeof first;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-jwks-'));
    file = join(folder, 'jwks.json');
    first = await generateKeyPair('ES256', { extractable: true });
    second = await generateKeyPair('ES256', { extractable: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => vi.useRealTimers());

  const keySet = async (...pairs: (readonly [string, typeof first])[]): Promise<string> =>
    JSON.stringify({
      keys: await Promise.all(
        pairs.map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })),
      ),
    });

  const startWith = async (
    jwt: Partial<NonNullable<NonNullable<GatewayOptions['identity']>['jwt']>> = {},
  ): Promise<ListeningGateway> => {
    writeFileSync(file, await keySet(['one', first]));
    const config = { header, issuer, audience, jwks: file, groupsClaim: 'groups', ...jwt };
    return start({ trustedProxies: ['127.0.0.1'], identity: { jwt: config, grants } });
  };

  const tokenOf = (
    gateway: ListeningGateway,
    change: {
      claims?: object;
      pair?: typeof first;
      kid?: string;
      inMs?: number;
      iss?: string;
      aud?: string;
    } = {},
  ): Promise<string> => {
    const nowSeconds = Math.floor(gateway.clock.wallMs / 1_000);
    const { claims = { email: 'ada@example.org' }, pair = first, kid = 'one', inMs = 60_000 } = change;
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuedAt(nowSeconds)
      .setIssuer(change.iss ?? issuer)
      .setAudience(change.aud ?? audience)
      .setExpirationTime(nowSeconds + inMs / 1_000)
      .sign(pair.privateKey);
  };

  const statusWith = async (gateway: ListeningGateway, token: string): Promise<number> => {
    const ask = { token: null, headers: { [header]: token } };
    return (await askHttp(gateway, '/api/v1/presence', ask)).status;
  };

  it('[PA10] [PA11] is admitted by WebSocket, HTTP and stream', async () => {
    const gateway = await startWith();
    const headers = { [header]: await tokenOf(gateway) };
    expect(await handshakeOf(gateway, headers)).toMatchObject({
      scopes: expect.arrayContaining(['operator.read', 'operator.write']),
    });
    expect((await askHttp(gateway, '/api/v1/presence', { token: null, headers })).status).toBe(200);
    const stream = await openStream(gateway, { token: null, headers });
    await stream.event('snapshot');
    stream.close();
  });

  it('[PA10] the header may be Authorization, beside tokens of the gateway', async () => {
    const gateway = await startWith({ header: 'Authorization' });
    const token = await tokenOf(gateway);
    expect((await askHttp(gateway, '/api/v1/presence', { token })).status).toBe(200);
    expect(await handshakeOf(gateway, { Authorization: `Bearer ${token}` })).toHaveProperty('scopes');
    expect((await askHttp(gateway, '/api/v1/presence')).status).toBe(200);
    expect((await askHttp(gateway, '/api/v1/presence', { token: 'wrong' })).status).toBe(401);
  });

  it('[PA10] another issuer, audience or key, an old one, none, and a claim that is missing do not count', async () => {
    const gateway = await startWith();
    const now = Math.floor(gateway.clock.wallMs / 1_000);
    const claims = { email: 'ada@example.org', iss: issuer, aud: audience, exp: now + 60 };
    const publicText = new TextEncoder().encode(await exportSPKI(first.publicKey));
    const bad = {
      issuer: await tokenOf(gateway, { iss: 'https://evil.example' }),
      audience: await tokenOf(gateway, { aud: 'another' }),
      'key of the same id': await tokenOf(gateway, { pair: second }),
      'unknown key': await tokenOf(gateway, { pair: second, kid: 'two' }),
      expired: await tokenOf(gateway, { inMs: -10_000 }),
      none: new UnsecuredJWT(claims).encode(),
      'shared secret made of the public key': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .sign(publicText),
      'no expiry': await new SignJWT({ ...claims, exp: undefined as never })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(first.privateKey),
      'no login': await tokenOf(gateway, { claims: { name: 'Ada' } }),
      'login that is no text': await tokenOf(gateway, { claims: { email: ['ada@example.org'] } }),
      garbage: 'a.b.c',
      'long garbage': `${'x'.repeat(12_000)}.b.c`,
    };
    for (const [what, token] of Object.entries(bad)) expect(await statusWith(gateway, token), what).toBe(401);
    expect(await handshakeOf(gateway, { [header]: bad.none })).toContain('names nobody');
    expect(await statusWith(gateway, await tokenOf(gateway))).toBe(200);
  });

  it('[PA9] is ignored from a peer that is no trusted proxy', async () => {
    writeFileSync(file, await keySet(['one', first]));
    const jwt = { header, issuer, audience, jwks: file };
    const gateway = await start({ trustedProxies: ['192.0.2.1'], identity: { jwt, grants } });
    expect(await handshakeOf(gateway, { [header]: await tokenOf(gateway) })).toContain('token missing');
  });

  it('[PA10] follows a key file that is rotated, and keeps the keys in force when it becomes unreadable', async () => {
    const gateway = await startWith();
    const old = await tokenOf(gateway);
    const rotated = await tokenOf(gateway, { pair: second, kid: 'two' });
    expect([await statusWith(gateway, old), await statusWith(gateway, rotated)]).toEqual([200, 401]);
    writeFileSync(file, 'no keys');
    gateway.timers.advance(2_000);
    expect(await statusWith(gateway, old)).toBe(200);
    writeFileSync(file, await keySet(['two', second]));
    gateway.timers.advance(2_000);
    expect([await statusWith(gateway, old), await statusWith(gateway, rotated)]).toEqual([401, 200]);
  });

  it('[PA10] fetches keys from an address, and again for a key that it does not know', async () => {
    let keys = await keySet(['one', first]);
    let fetched = 0;
    const server: Server = createServer((_, response) => {
      fetched += 1;
      response.setHeader('Content-Type', 'application/json').end(keys);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`;
      const gateway = await startWith({ jwks });
      expect(await statusWith(gateway, await tokenOf(gateway))).toBe(200);
      expect(await statusWith(gateway, await tokenOf(gateway))).toBe(200);
      expect(fetched).toBe(1);
      keys = await keySet(['two', second]);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
      expect(await statusWith(gateway, await tokenOf(gateway, { pair: second, kid: 'two' }))).toBe(200);
      expect(fetched).toBe(2);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('[PA11] ends connections and streams when the latest JWT of the person expires', async () => {
    const gateway = await startWith();
    const headers = { [header]: await tokenOf(gateway, { inMs: 10_000 }) };
    const client = gateway.dial({ headers });
    await client.connect({ auth: undefined });
    const stream = await openStream(gateway, { token: null, headers });
    await stream.event('snapshot');
    const later = { [header]: await tokenOf(gateway, { inMs: 20_000 }) };
    expect((await askHttp(gateway, '/api/v1/presence', { token: null, headers: later })).status).toBe(200);
    gateway.timers.advance(11_000);
    await client.call('health');
    gateway.timers.advance(10_000);
    expect((await client.closed).code).toBe(1008);
    await stream.ended;
  });
});

describe('the setting identity', () => {
  it.each([
    ['without trustedProxies', { trustedProxies: [] }, 'has no effect without trustedProxies'],
    ['with mode none', { auth: { mode: 'none' } as const }, 'while auth is none'],
    ['with neither header nor jwt', { identity: { grants } }, 'one of header and jwt'],
    [
      'with a login in Authorization',
      { identity: { ...byHeader, header: 'authorization' } },
      'Authorization',
    ],
    [
      'with an unknown scope',
      { identity: { header: 'x', grants: [{ users: ['*'], scopes: ['operator.raed'] }] } },
      'operator.read',
    ],
    [
      'with a grant for nobody',
      { identity: { header: 'x', grants: [{ scopes: ['operator.read'] }] } },
      'needs users',
    ],
    [
      'with keys over plain http',
      {
        identity: {
          jwt: { header: 'x', issuer: 'i', audience: 'a', jwks: 'http://id.example.org/certs' },
          grants,
        },
      },
      'https address',
    ],
    [
      'with a key file that is not there',
      { identity: { jwt: { header: 'x', issuer: 'i', audience: 'a', jwks: '/nowhere/jwks.json' }, grants } },
      'cannot read the keys',
    ],
  ])('[PA9] %s is refused', async (_, options, problem) => {
    await expect(start({ ...behindProxy, ...(options as Partial<GatewayOptions>) })).rejects.toThrow(problem);
  });
});
