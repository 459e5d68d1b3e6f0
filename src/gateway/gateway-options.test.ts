import { describe, expect, it } from 'vitest';
import { type GatewayOptions, gatewaySettings } from './gateway-options.ts';

const auth = { mode: 'token', token: 't' } as const;

describe('gatewaySettings', () => {
  it('[PT1] [PT3] [PR4] [PR7] [PW2] [PW8] [PE1] [PE4] [PL1] fills in the defaults of the SPEC', () => {
    expect(gatewaySettings({ auth })).toMatchObject({
      host: '127.0.0.1',
      port: 18_789,
      ttlMs: 300_000,
      maxEntries: 200,
      hiddenModes: ['cli'],
      transientModes: ['probe', 'backend'],
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

  it.each<[keyof GatewayOptions, number]>([
    ['ttlMs', 0],
    ['ttlMs', 1.5],
    ['maxEntries', 0],
    ['maxEntries', Number.NaN],
    ['port', -1],
    ['port', 65_536],
    ['pingIntervalMs', 0],
    ['tickIntervalMs', -5],
    ['handshakeTimeoutMs', Number.POSITIVE_INFINITY],
    ['maxCoalesceMs', -1],
    ['maxPayloadBytes', 0],
  ])('names a bound out of range: %s %d', (name, value) => {
    expect(() => gatewaySettings({ auth, [name]: value })).toThrow(TypeError);
    expect(() => gatewaySettings({ auth, [name]: value })).toThrow(name);
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
