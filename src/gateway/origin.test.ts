import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origin.ts';

const peer = (origin: string | undefined, host: string | undefined = 'gw.example:18789') => ({
  address: '192.0.2.1',
  origin,
  host,
});

describe('isOriginAllowed', () => {
  it.each([
    ['no origin: no browser', undefined, undefined],
    ['the own origin', 'http://gw.example:18789', 'gw.example:18789'],
    ['the own origin in other letter case', 'http://GW.example:18789', 'Gw.Example:18789'],
    ['the own origin behind TLS', 'https://gw.example', 'gw.example'],
    ['an IPv6 address', 'http://[::1]:18789', '[::1]:18789'],
    ['a listed origin', 'https://ops.example', 'gw.example:18789'],
  ])('[PA6] lets pass: %s', (_, origin, host) => {
    expect(isOriginAllowed(peer(origin, host), ['https://ops.example'])).toBe(true);
  });

  it.each([
    ['another host', 'http://evil.example:18789'],
    ['another port', 'http://gw.example:18790'],
    ['a longer name', 'http://gw.example:18789.evil.example'],
    ['the host as user name', 'http://gw.example:18789@evil.example'],
    ['a listed host by another scheme', 'http://ops.example'],
    ['an opaque page', 'null'],
    ['nonsense', 'http://'],
    ['blank', ''],
  ])('[PA6] refuses %s', (_, origin) => {
    expect(isOriginAllowed(peer(origin), ['https://ops.example'])).toBe(false);
  });

  it('[PA6] a page is refused when the request has no host', () => {
    expect(isOriginAllowed({ ...peer('http://x'), host: undefined }, [])).toBe(false);
  });

  it('[PA6] * allows every page', () => {
    expect(isOriginAllowed(peer('null'), ['*'])).toBe(true);
  });
});
