import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressReader, isForwarded } from './client-address.ts';

const proxies = ['10.0.0.0/8', '::1', '2001:db8:ffff::/48'];
const readAddress = createAddressReader(proxies);

function addressOf(remoteAddress: string | undefined, headers: Record<string, string>): string | undefined {
  return readAddress({ headers, socket: { remoteAddress } });
}

describe('the address of a client', () => {
  it('[PI3] is that of the socket when no proxy is trusted, whatever the headers say', () => {
    const read = createAddressReader([]);
    const headers = { forwarded: 'for=198.51.100.1', 'x-forwarded-for': '198.51.100.1' };
    expect(read({ headers, socket: { remoteAddress: '192.0.2.1' } })).toBe('192.0.2.1');
    expect(read({ headers, socket: { remoteAddress: '127.0.0.1' } })).toBe('127.0.0.1');
  });

  it.each([
    ['X-Forwarded-For', { 'x-forwarded-for': '198.51.100.7' }],
    ['Forwarded', { forwarded: 'for=198.51.100.7;proto=https;by=10.0.0.1' }],
    ['both, when they agree', { 'x-forwarded-for': '198.51.100.7', forwarded: 'For="198.51.100.7:4711"' }],
    ['a port behind the address', { 'x-forwarded-for': '198.51.100.7:4711' }],
    ['several trusted proxies', { 'x-forwarded-for': '198.51.100.7, 10.1.1.1, 10.2.2.2' }],
    ['several trusted proxies, by Forwarded', { forwarded: 'for=198.51.100.7, for=10.1.1.1' }],
  ])('[PI3] comes from a trusted proxy by %s', (_, headers) => {
    expect(addressOf('10.0.0.1', headers)).toBe('198.51.100.7');
    expect(addressOf('::ffff:10.0.0.1', headers)).toBe('198.51.100.7');
    expect(addressOf('::1', headers)).toBe('198.51.100.7');
    expect(addressOf('192.0.2.1', headers)).toBe('192.0.2.1');
  });

  it('[PI3] is read from right to left: what stands left of the client was written by the client', () => {
    expect(
      addressOf('10.0.0.1', { 'x-forwarded-for': '10.9.9.9, 203.0.113.5, 198.51.100.7, 10.1.1.1' }),
    ).toBe('198.51.100.7');
    expect(addressOf('10.0.0.1', { forwarded: 'for=127.0.0.1, for=203.0.113.5, for=198.51.100.7' })).toBe(
      '198.51.100.7',
    );
  });

  it('[PI3] is that of the proxy when the client sent the header that the proxy does not write', () => {
    const forged = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=203.0.113.5' };
    expect(addressOf('10.0.0.1', forged)).toBe('10.0.0.1');
    expect(addressOf('10.0.0.1', { ...forged, forwarded: 'for="' })).toBe('10.0.0.1');
  });

  it('[PI3] is that of the nearest known hop when a proxy hides the client', () => {
    expect(addressOf('10.0.0.1', { forwarded: 'for=_hidden, for=10.1.1.1' })).toBe('10.1.1.1');
    expect(addressOf('10.0.0.1', { forwarded: 'for=unknown' })).toBe('10.0.0.1');
    expect(addressOf('10.0.0.1', { forwarded: 'by=10.0.0.1' })).toBe('10.0.0.1');
  });

  it('[PI3] [PI2] may be IPv6, with brackets and port', () => {
    expect(addressOf('10.0.0.1', { forwarded: 'for="[2001:db8::17]:4711"' })).toBe('2001:db8::17');
    expect(addressOf('10.0.0.1', { 'x-forwarded-for': '[2001:db8::17]:1, 2001:db8:ffff::2' })).toBe(
      '2001:db8::17',
    );
  });

  it('[PI3] is unknown when the socket is gone', () => {
    expect(addressOf(undefined, { 'x-forwarded-for': '198.51.100.7' })).toBeUndefined();
  });

  it('[PI3] never comes from a header of a peer that is no trusted proxy, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (list, standard) => {
        const headers = { 'x-forwarded-for': list, forwarded: standard };
        return addressOf('192.0.2.1', headers) === '192.0.2.1';
      }),
    );
  });

  it('[PI3] never is an address of the attacker’s choice, whatever stands left of what the proxy wrote', () => {
    fc.assert(
      fc.property(fc.string(), (list) => {
        const address = addressOf('10.0.0.1', { 'x-forwarded-for': `${list}, 198.51.100.7` });
        return address === '198.51.100.7';
      }),
    );
  });
});

describe('a list of trusted proxies', () => {
  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0', '', '::1/129'])(
    '[PI3] %j is refused by name',
    (range) => {
      expect(() => createAddressReader(['127.0.0.1', range])).toThrow(
        new TypeError(`trustedProxies: "${range}" is no address or CIDR range, such as 10.0.0.0/8 or ::1`),
      );
    },
  );
});

describe('a request through a proxy', () => {
  it.each(['forwarded', 'x-forwarded-for', 'x-real-ip'])('shows by the header %s', (name) => {
    const socket = { remoteAddress: '127.0.0.1' };
    expect(isForwarded({ headers: { [name]: '' }, socket })).toBe(true);
    expect(isForwarded({ headers: {}, socket })).toBe(false);
  });
});
