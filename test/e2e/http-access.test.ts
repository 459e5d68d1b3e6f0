import { describe, expect, it } from 'vitest';
import { testToken } from '../harness/connect-params.ts';
import { askHttp } from '../harness/http-client.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { namedToken } from '../harness/named-tokens.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();
const closedPaths = ['/api/v1/presence', '/api/v1/presence/stream', '/metrics'];
const beacon = { text: 'x', instanceId: 'x' };
const tokens = [
  namedToken('writer', ['operator.write']),
  namedToken('reader', ['operator.read']),
  namedToken('nobody', []),
  namedToken('node-only', ['operator.admin'], ['node']),
];

describe('credentials over HTTP', () => {
  it.each(closedPaths)('[PA1] %s without a token: 401 and how to authenticate', async (path) => {
    const { status, headers, json } = await askHttp(await start(), path, { token: null });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="rollcall"');
    expect(json.error).toMatchObject({ details: { code: 'AUTH_TOKEN_MISSING' }, retryable: false });
  });

  it.each([
    ['no token', 'token', null, 'gateway token missing (send the token'],
    ['a wrong token', 'token', 'shut', 'gateway token mismatch (send the token'],
    ['no password', 'password', null, 'gateway password missing (send the password'],
    ['a wrong password', 'password', 'shut', 'gateway password mismatch (send the password'],
  ] as const)(
    '[PA1] [PW10] %s: the answer names the header, not the field of the WebSocket',
    async (_, kind, token, said) => {
      const secret = 'open sesame';
      const auth = kind === 'token' ? { mode: kind, token: secret } : { mode: kind, password: secret };
      const gateway = await start({ auth });
      for (const ask of [{ path: '/api/v1/presence' }, { path: '/api/v1/beacons', body: beacon }]) {
        const { status, json } = await askHttp(gateway, ask.path, { token, ...ask });
        expect(status).toBe(401);
        const where = `in the header Authorization: Bearer ${kind.toUpperCase()})`;
        expect(json.error.message).toBe(`unauthorized: ${said} of this gateway ${where}`);
      }
    },
  );

  it.each(['wrong', `${testToken} `.repeat(2), 'x'.repeat(8_000)])(
    '[PA1] the token "%.10s…" is refused and is not repeated',
    async (token) => {
      const gateway = await start();
      const observer = await rosterObserver(gateway);
      await observer.unchangedBy(async () => {
        for (const ask of [{}, { body: beacon }]) {
          const path = 'body' in ask ? '/api/v1/beacons' : '/api/v1/presence';
          const { status, text } = await askHttp(gateway, path, { token, ...ask });
          expect(status).toBe(401);
          expect(text).not.toContain(token.trim());
        }
      });
    },
  );

  it.each([
    ['in the address', `/api/v1/presence?token=${testToken}`, {}],
    ['as another scheme', '/api/v1/presence', { authorization: `Basic ${testToken}` }],
    ['as a cookie', '/api/v1/presence', { cookie: `token=${testToken}` }],
  ])('[PA1] a token %s is none', async (_, path, headers) => {
    expect((await askHttp(await start(), path, { token: null, headers })).status).toBe(401);
  });

  it('[PA1] the scheme may be written in any case', async () => {
    const headers = { authorization: `bEARER   ${testToken}` };
    expect((await askHttp(await start(), '/api/v1/presence', { token: null, headers })).status).toBe(200);
  });

  it('[PA1] in password mode the password is the credential', async () => {
    const gateway = await start({ auth: { mode: 'password', password: 'open sesame' } });
    expect((await askHttp(gateway, '/metrics', { token: 'open sesame' })).status).toBe(200);
    const { json } = await askHttp(gateway, '/metrics', { token: 'shut' });
    expect(json.error.details.code).toBe('AUTH_PASSWORD_MISMATCH');
    const missing = await askHttp(gateway, '/metrics', { token: null });
    expect(missing.json.error.details.code).toBe('AUTH_PASSWORD_MISSING');
  });

  it('[PA1] in mode none nobody needs one', async () => {
    const gateway = await start({ auth: { mode: 'none' } });
    for (const path of ['/api/v1/presence', '/metrics']) {
      expect((await askHttp(gateway, path, { token: null })).status).toBe(200);
    }
    expect((await askHttp(gateway, '/api/v1/beacons', { token: null, body: beacon })).status).toBe(200);
  });

  it.each(['/healthz', '/readyz', '/openapi.json'])('%s is open', async (path) => {
    expect((await askHttp(await start(), path, { token: null })).status).toBe(200);
  });

  it('[PA7] failures over HTTP and WebSocket shut an address out together', async () => {
    const gateway = await start({ authLockoutLoopback: true, maxAuthFailures: 4 });
    for (let times = 0; times < 3; times += 1) await askHttp(gateway, '/metrics', { token: 'guess' });
    const client = gateway.dial();
    await client.nonce();
    await client.connect({ auth: { token: 'guess' } }).catch(() => {});
    const { status, headers, json } = await askHttp(gateway, '/metrics');
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('300');
    expect(json.error.details.code).toBe('AUTH_RATE_LIMITED');
    gateway.timers.advance(300_001);
    expect((await askHttp(gateway, '/metrics')).status).toBe(200);
  });

  it('[PL3] a caller with too many requests waits, others do not', async () => {
    const gateway = await start({ requestsPerSecond: 1, requestBurst: 3, tokens });
    const path = '/api/v1/presence';
    for (let times = 0; times < 3; times += 1) expect((await askHttp(gateway, path)).status).toBe(200);
    const { status, headers, json } = await askHttp(gateway, path);
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    expect(json.error).toMatchObject({ code: 'UNAVAILABLE', retryable: true, retryAfterMs: 1_000 });
    expect((await askHttp(gateway, path, { token: 'reader' })).status).toBe(200);
    gateway.timers.advance(1_000);
    expect((await askHttp(gateway, path)).status).toBe(200);
  });
});

describe('rights over HTTP', () => {
  it.each(['nobody', 'node-only'])('[PA4] %s reads nothing', async (token) => {
    const gateway = await start({ tokens });
    for (const path of closedPaths) {
      const { status, text } = await askHttp(gateway, path, { token });
      expect(status).toBe(403);
      expect(text).not.toContain('gateway-1');
    }
  });

  it.each(['reader', 'writer'])('[PA4] %s reads', async (token) => {
    const gateway = await start({ tokens });
    for (const path of ['/api/v1/presence', '/metrics']) {
      expect((await askHttp(gateway, path, { token })).status).toBe(200);
    }
  });

  it.each(['reader', 'nobody', 'node-only'])('[PA5] %s writes no row, not even a new one', async (token) => {
    const gateway = await start({ tokens });
    const victim = gateway.dial();
    await victim.connect({ client: { instanceId: 'victim' } });
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      for (const instanceId of ['victim', 'new', 'gateway-1']) {
        const body = { text: 'x', instanceId };
        const { status, json } = await askHttp(gateway, '/api/v1/beacons', { token, body });
        expect(status).toBe(403);
        expect(json.error.code).toBe('FORBIDDEN');
      }
    });
  });
});

describe('[PA6] browsers', () => {
  const page = (origin: string, host = '127.0.0.1:18789') => ({ headers: { origin, host } });

  it('[PA6] an allowed page may read, resume and beacon, and its preflight is answered', async () => {
    const gateway = await start({ allowedOrigins: ['https://ops.example'] });
    const { headers } = page('https://ops.example');
    const preflight = await askHttp(gateway, '/api/v1/beacons', {
      method: 'OPTIONS',
      token: null,
      headers: { ...headers, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://ops.example',
      'access-control-allow-methods': 'GET,HEAD,POST,PATCH,DELETE',
      'access-control-max-age': '600',
    });
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');
    const read = await askHttp(gateway, '/api/v1/presence', { headers });
    expect(read.status).toBe(200);
    expect(read.headers).toMatchObject({
      'access-control-allow-origin': 'https://ops.example',
      'access-control-expose-headers': 'ETag,Retry-After,Journal-Cursor,Journal-Cut-Off-At-Ms',
    });
    expect(read.headers.vary).toMatch(/Origin/i);
    expect(read.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each(['https://evil.example', 'null', 'https://ops.example.evil.example'])(
    '[PA6] a page of %s is refused with the right token, and cannot read why',
    async (origin) => {
      const gateway = await start({ allowedOrigins: ['https://ops.example'] });
      for (const path of closedPaths) {
        const { status, headers, json } = await askHttp(gateway, path, page(origin));
        expect(status).toBe(403);
        expect(headers['access-control-allow-origin']).toBeUndefined();
        expect(json.error.details.code).toBe('CONTROL_UI_ORIGIN_NOT_ALLOWED');
      }
    },
  );

  it('[PA6] in mode none a foreign page cannot beacon by a request that needs no preflight', async () => {
    const gateway = await start({ auth: { mode: 'none' } });
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const headers = { ...page('https://evil.example').headers, 'content-type': type };
        const answer = await askHttp(gateway, '/api/v1/beacons', { token: null, headers, body: beacon });
        expect(answer.status).toBe(403);
      }
    });
  });

  it('[PA6] in mode none a name that was made to resolve to this address reads and writes nothing', async () => {
    const gateway = await start({ auth: { mode: 'none' } });
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      for (const headers of [
        { host: 'evil.example:18789' },
        page('http://evil.example:18789', 'evil.example:18789').headers,
      ]) {
        for (const path of closedPaths) {
          expect((await askHttp(gateway, path, { token: null, headers })).status).toBe(403);
        }
        const answer = await askHttp(gateway, '/api/v1/beacons', { token: null, headers, body: beacon });
        expect(answer.status).toBe(403);
        const client = gateway.dial({ headers });
        await client.nonce();
        await expect(client.connect()).rejects.toThrow('origin not allowed');
      }
    });
  });
});
