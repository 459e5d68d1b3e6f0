import { describe, expect, it } from 'vitest';
import { gatewaySettings } from './gateway-options.ts';

const auth = { mode: 'token', token: 't' } as const;

describe('gatewaySettings', () => {
  it('[PT1] [PT3] [PR4] [PR7] [PW2] [PW8] [PE1] [PE4] [PL1] fills in the defaults of the SPEC', () => {
    expect(gatewaySettings({ auth })).toMatchObject({
      host: '127.0.0.1',
      port: 18_789,
      ttlMs: 300_000,
      maxEntries: 200,
      hiddenModes: ['cli'],
      transientModes: ['probe', 'backend', 'viewer'],
      allowedOrigins: [],
      handshakeTimeoutMs: 15_000,
      pingIntervalMs: 25_000,
      tickIntervalMs: 30_000,
      renewalMs: 60_000,
      maxCoalesceMs: 250,
      maxPayloadBytes: 4_194_304,
    });
  });

  it('[PR1] makes an instance id of its own when none is given', () => {
    const { instanceId } = gatewaySettings({ auth });
    expect(instanceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(gatewaySettings({ auth }).instanceId).not.toBe(instanceId);
    expect(gatewaySettings({ auth, instanceId: 'mine' }).instanceId).toBe('mine');
  });

  it('an option that is undefined has its default, whatever it is', () => {
    const names = ['host', 'port', 'ttlMs', 'hiddenModes', 'allowedOrigins', 'logger', 'clock', 'newId'];
    const blanks = Object.fromEntries(names.map((name) => [name, undefined]));
    const { host, ttlMs, hiddenModes, allowedOrigins } = gatewaySettings({ auth, ...blanks });
    expect({ host, ttlMs, hiddenModes, allowedOrigins }).toEqual({
      host: '127.0.0.1',
      ttlMs: 300_000,
      hiddenModes: ['cli'],
      allowedOrigins: [],
    });
  });

  it.each<[object, string]>([
    [
      { allowedOrigins: ['ops.example.org'] },
      'allowedOrigins must be a list of origins, for example https://ops.example.org, but is ["ops.example.org"] (an origin starts with its scheme: write https://ops.example.org)',
    ],
    [{ allowedOrigins: [7] }, 'allowedOrigins must be a list of origins'],
    [{ trustedProxies: ['10.0.0.0/33'] }, 'trustedProxies must be a list of addresses'],
    [{ authLockoutLoopback: 'yes' }, 'authLockoutLoopback must be true or false, but is "yes"'],
    [{ tokens: [{ name: 'x' }] }, 'tokens: token 1:'],
  ])('refuses %j as the command does', (options, problem) => {
    expect(() => gatewaySettings({ auth, ...options })).toThrow(problem);
  });

  it.each(['version', 'instanceId', 'host'])('[PF1] refuses a blank %s: clients would get it', (name) => {
    expect(() => gatewaySettings({ auth, [name]: ' ' })).toThrow(new TypeError(`${name} must not be blank`));
  });

  it('[PR7] refuses times by which a live client would expire', () => {
    expect(() => gatewaySettings({ auth, ttlMs: 50_000 })).toThrow('pingIntervalMs');
    expect(() => gatewaySettings({ auth, ttlMs: 85_000 })).toThrow('renewalMs');
    expect(gatewaySettings({ auth, ttlMs: 85_001 }).ttlMs).toBe(85_001);
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('[PA1] mode none is fine on %s', (host) => {
    expect(gatewaySettings({ auth: { mode: 'none' }, host }).auth.mode).toBe('none');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org'])('[PA1] mode none is refused on %s', (host) => {
    expect(() => gatewaySettings({ auth: { mode: 'none' }, host })).toThrow(/PA1/);
  });
});
