import { describe, expect, it } from 'vitest';
import { connectParams, testToken } from '../harness/connect-params.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { refusedConnect } from '../harness/refused-connect.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();

describe('credentials', () => {
  it.each([
    [
      'wrong token',
      { token: 'no' },
      'AUTH_TOKEN_MISMATCH',
      'token_mismatch',
      /^unauthorized: gateway token mismatch \(/,
    ],
    [
      'wrong token of the same length',
      { token: 'x'.repeat(testToken.length) },
      'AUTH_TOKEN_MISMATCH',
      'token_mismatch',
      /mismatch/,
    ],
    [
      'no auth at all',
      undefined,
      'AUTH_TOKEN_MISSING',
      'token_missing',
      /^unauthorized: gateway token missing \(/,
    ],
    ['blank token', { token: ' ' }, 'AUTH_TOKEN_MISSING', 'token_missing', /missing/],
    ['only a password', { password: testToken }, 'AUTH_TOKEN_MISSING', 'token_missing', /missing/],
  ])('[PW10] [PA1] refuses %s with 1008', async (_, auth, code, authReason, message) => {
    const { error, closed } = await refusedConnect(await start(), () => connectParams({ auth }));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
    expect(error.message).toMatch(message);
    expect(error.details).toMatchObject({ code, authReason, canRetryWithDeviceToken: false });
    expect(error.details?.['recommendedNextStep']).toEqual(expect.any(String));
    expect(closed).toEqual({ code: 1008, reason: error.message });
  });

  it.each([
    ['wrong', { password: 'no' }, 'AUTH_PASSWORD_MISMATCH'],
    ['missing', { token: 'no' }, 'AUTH_PASSWORD_MISSING'],
  ])('[PW10] [PA1] refuses a %s password with 1008', async (_, auth, code) => {
    const gateway = await start({ auth: { mode: 'password', password: 'open' } });
    const client = gateway.dial();
    await client.nonce();
    const error = await client.refused('connect', connectParams({ auth }));
    expect(error.details?.['code']).toBe(code);
    expect((await client.closed).code).toBe(1008);
  });

  it('[PA1] a right password, and mode none on loopback, are admitted', async () => {
    const locked = await start({ auth: { mode: 'password', password: 'open' } });
    await locked.dial().connect({ auth: { password: 'open' } });
    const open = await start({ auth: { mode: 'none' } });
    await open.dial().connect({ auth: undefined });
  });
});

describe('connect', () => {
  it.each([
    [1, 2],
    [5, 6],
  ])('[PW3] [PW10] refuses protocols %i to %i with 1002', async (minProtocol, maxProtocol) => {
    const params = connectParams({ minProtocol, maxProtocol });
    const { error, closed } = await refusedConnect(await start(), () => params);
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: 'protocol mismatch' });
    expect(error.details).toEqual({
      code: 'PROTOCOL_MISMATCH',
      clientMinProtocol: minProtocol,
      clientMaxProtocol: maxProtocol,
      expectedProtocol: 4,
      minimumProbeProtocol: 3,
    });
    expect(closed).toEqual({ code: 1002, reason: 'protocol mismatch' });
  });

  it.each([
    [3, 3, 3],
    [4, 4, 4],
    [3, 4, 4],
    [1, 9, 4],
    [2, 3, 3],
  ])('[PW3] protocols %i to %i speak %i', async (minProtocol, maxProtocol, spoken) => {
    const hello = await (await start()).dial().connect({ minProtocol, maxProtocol });
    expect(hello.protocol).toBe(spoken);
  });

  it.each([
    ['no client', { client: undefined }, '/client'],
    ['client id that is a number', connectParams({ client: { id: 5 } }), '/client/id'],
    ['blank client id', connectParams({ client: { id: ' ' } }), '/client/id'],
    ['no mode', connectParams({ client: { mode: undefined } }), '/client/mode'],
    ['protocol that is a word', connectParams({ minProtocol: '3' }), '/minProtocol'],
    ['scopes that are a word', connectParams({ scopes: 'operator.read' }), '/scopes'],
    [
      'instanceId with a control character',
      connectParams({ client: { instanceId: 'a\u0007b' } }),
      '/client/instanceId',
    ],
    [
      'instanceId of 257 characters',
      connectParams({ client: { instanceId: 'x'.repeat(257) } }),
      '/client/instanceId',
    ],
    ['device without key', connectParams({ device: { id: 'x' } }), '/device/publicKey'],
  ])('[PW4] [PL4] refuses %s with 1008 and the path of the field', async (_, params, path) => {
    const { error, closed } = await refusedConnect(await start(), () => ({ ...connectParams(), ...params }));
    expect(error.code).toBe('INVALID_REQUEST');
    expect(error.message).toMatch(`invalid connect params: at ${path}: `);
    expect(closed.code).toBe(1008);
    expect(error.message.startsWith(closed.reason) && closed.reason !== '').toBe(true);
  });

  it.each([[undefined], [null], [[]], ['x'], [7]])('[PW4] refuses params %j with 1008', async (params) => {
    const { error, closed } = await refusedConnect(await start(), () => params);
    expect(error.message).toMatch(/^invalid connect params: at /);
    expect(closed.code).toBe(1008);
  });

  it('[PW4] third-party ids and modes, and unknown fields, are admitted', async () => {
    const gateway = await start();
    const client = { id: 'my-app', mode: 'kiosk', instanceId: 'k', more: 1 };
    const hello = await gateway.dial().connect({ client, surprise: { a: [1] } });
    expect(hello.snapshot.presence).toContainEqual(
      expect.objectContaining({ host: 'my-app', mode: 'kiosk' }),
    );
  });

  it('[PW10] refuses an unknown role with 1008', async () => {
    const { error, closed } = await refusedConnect(await start(), () => connectParams({ role: 'admin' }));
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: 'invalid role' });
    expect(closed).toEqual({ code: 1008, reason: 'invalid role' });
  });

  it('[PW10] [PW2] refuses another first request with 1008', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = gateway.dial();
      const message = 'invalid handshake: first request must be connect';
      await client.nonce();
      expect(await client.refused('health')).toMatchObject({ code: 'INVALID_REQUEST', message });
      expect(await client.closed).toEqual({ code: 1008, reason: message });
    });
  });

  it('[PA6] refuses a foreign origin with 1008', async () => {
    const { error, closed } = await refusedConnect(await start(), () => connectParams(), {
      origin: 'https://evil.example',
    });
    expect(error.details).toMatchObject({ code: 'CONTROL_UI_ORIGIN_NOT_ALLOWED' });
    expect(closed.code).toBe(1008);
  });

  it('[PA6] the own origin and a listed one are admitted', async () => {
    const gateway = await start({ allowedOrigins: ['https://ops.example'] });
    await gateway.dial({ origin: 'https://ops.example' }).connect();
    await gateway.dial({ origin: gateway.url.replace('ws:', 'http:') }).connect();
  });
});
