import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, isLoopback, normalizeIp } from './address.ts';

describe('normalizeIp', () => {
  it.each([
    ['192.168.1.5', '192.168.1.5'],
    ['  10.0.0.1 ', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:0001', '10.0.0.1'],
    ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25en0]', 'fe80::1'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:192.0.2.1%2', '192.0.2.1'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
  ])('[PI2] shows %s as %s', (text, shown) => {
    expect(normalizeIp(text)).toBe(shown);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f12:3456',
    '[::1]',
    '::1%lo',
  ])('[PI1] %s is loopback and says nothing', (text) => {
    expect(isLoopback(text)).toBe(true);
    expect(normalizeIp(text)).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '::ffff:0.0.0.0', '0.1.2.3'])(
    '[PI1] %s is unspecified and says nothing',
    (text) => {
      expect(isLoopback(text)).toBe(false);
      expect(normalizeIp(text)).toBeUndefined();
    },
  );

  it.each(['', ' ', 'localhost', '127.1', '0x7f000001', '2130706433', '010.0.0.1', '1.2.3.4.5', '1.2.3'])(
    '%j is no address',
    (text) => {
      expect(isAddress(text)).toBe(false);
      expect(isLoopback(text)).toBe(false);
      expect(normalizeIp(text)).toBeUndefined();
    },
  );

  it('absent is no address', () => {
    expect(normalizeIp(undefined)).toBeUndefined();
    expect(isLoopback(undefined)).toBe(false);
  });

  it('[PI2] is its own canonical form, for every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const shown = normalizeIp(address);
        expect(normalizeIp(shown)).toBe(shown);
        if (shown !== undefined) expect(isIP(shown)).toBeGreaterThan(0);
      }),
    );
  });

  it('takes for an address only what Node takes for one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdf:.') }), (text) => {
        if (isAddress(text)) expect(isIP(text)).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
