import { buildDeviceAuthPayload, buildDeviceAuthPayloadV3 } from '@openclaw/gateway-client';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { devicePayload } from './device-payload.ts';

const fields = fc.record({
  deviceId: fc.string(),
  clientId: fc.string(),
  clientMode: fc.string(),
  role: fc.string(),
  scopes: fc.array(fc.string()),
  signedAtMs: fc.nat(),
  token: fc.string(),
  nonce: fc.string(),
  platform: fc.string({ unit: 'grapheme' }),
  deviceFamily: fc.string({ unit: 'grapheme' }),
});

describe('devicePayload', () => {
  it('[PA3] is always the text that the reference client signs', () => {
    fc.assert(
      fc.property(fields, (params) => {
        expect(devicePayload('v2', params)).toBe(buildDeviceAuthPayload(params));
        expect(devicePayload('v3', params)).toBe(buildDeviceAuthPayloadV3(params));
      }),
    );
  });

  it('[PA3] v1 has no nonce', () => {
    const params = {
      deviceId: 'd',
      clientId: 'c',
      clientMode: 'ui',
      role: 'operator',
      scopes: ['a', 'b'],
      signedAtMs: 5,
      token: 't',
      nonce: 'n',
      platform: ' İOS ',
      deviceFamily: '',
    };
    expect(devicePayload('v1', params)).toBe('v1|d|c|ui|operator|a,b|5|t');
    expect(devicePayload('v3', params)).toBe('v3|d|c|ui|operator|a,b|5|t|n|İos|');
  });
});
