import { describe, expect, it } from 'vitest';
import { newDevice, signedConnectParams } from '../harness/device.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { refusedConnect } from '../harness/refused-connect.ts';

const start = gatewayStarter();

describe('device identity', () => {
  const device = newDevice();

  it.each([
    [
      'an id of another key',
      { id: newDevice().id },
      'DEVICE_ID_MISMATCH',
      'device-id-mismatch',
      'device identity mismatch',
    ],
    ['a blank nonce', { nonce: ' ' }, 'NONCE_REQUIRED', 'device-nonce-missing', 'device nonce required'],
    ['a wrong nonce', { nonce: 'other' }, 'NONCE_MISMATCH', 'device-nonce-mismatch', 'device nonce mismatch'],
    [
      'a wrong signature',
      { signature: newDevice().sign('x') },
      'SIGNATURE_INVALID',
      'device-signature',
      'device signature invalid',
    ],
    [
      'a malformed key',
      { publicKey: '!' },
      'PUBLIC_KEY_INVALID',
      'device-public-key',
      'device public key invalid',
    ],
    [
      'an old time',
      { signedAt: 0 },
      'SIGNATURE_EXPIRED',
      'device-signature-stale',
      'device signature expired',
    ],
  ])('[PA3] [PW10] refuses %s', async (_, claim, code, reason, message) => {
    const gateway = await start();
    const { error, closed } = await refusedConnect(gateway, (nonce) => {
      const params = signedConnectParams({ device, nonce, signedAt: gateway.clock.wallMs });
      return { ...params, device: { ...(params['device'] as object), ...claim } };
    });
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', message });
    expect(error.details).toEqual({ code: `DEVICE_AUTH_${code}`, reason });
    expect(closed).toEqual({ code: 1008, reason: message });
  });

  it('[PA3] refuses a v1 signature', async () => {
    const gateway = await start();
    const { error } = await refusedConnect(gateway, (nonce) =>
      signedConnectParams({ device, nonce, signedAt: gateway.clock.wallMs, version: 'v1' }),
    );
    expect(error.details?.['code']).toBe('DEVICE_AUTH_SIGNATURE_INVALID');
  });

  it.each(['v2', 'v3'] as const)('[PA3] stores the id of a %s signature', async (version) => {
    const gateway = await start();
    const client = gateway.dial();
    const nonce = await client.nonce();
    await client.call(
      'connect',
      signedConnectParams({ device, nonce, signedAt: gateway.clock.wallMs, version }),
    );
    const entries = await client.call('system-presence');
    expect(entries).toContainEqual(expect.objectContaining({ deviceId: device.id, mode: 'ui' }));
  });

  it('[PA3] a good signature does not replace the token', async () => {
    const gateway = await start();
    const { error } = await refusedConnect(gateway, (nonce) =>
      signedConnectParams({ device, nonce, signedAt: gateway.clock.wallMs }, { auth: { token: 'no' } }),
    );
    expect(error.details?.['code']).toBe('AUTH_TOKEN_MISMATCH');
  });
});
