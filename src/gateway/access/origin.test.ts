import { describe, expect, it } from 'vitest';
import { isOpenTo, isOrigin, isOriginAllowed } from './origin.ts';

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

describe('isOrigin', () => {
  it.each(['*', 'https://ops.example.org', 'http://[::1]:8080', 'HTTPS://Ops.example.org'])(
    '[PA6] takes %s',
    (text) => {
      expect(isOrigin(text)).toBe(true);
    },
  );

  it.each([
    '',
    'ops.example.org',
    'https://ops.example.org/',
    'https://ops.example.org/x',
    'https://u@ops.example.org',
    'https://*.example.org',
    'null',
  ])('[PA6] refuses %j', (text) => {
    expect(isOrigin(text)).toBe(false);
  });
});

describe('isOpenTo, where nobody needs a credential', () => {
  it.each([
    ['no browser, by address', undefined, '127.0.0.1:18789'],
    ['no browser, by another loopback address', undefined, '127.9.9.9'],
    ['no browser, by IPv6 address', undefined, '[::1]:18789'],
    ['no browser, by name', undefined, 'LocalHost:18789'],
    ['no browser, no host', undefined, undefined],
    ['the own page', 'http://localhost:18789', 'localhost:18789'],
    ['a name below localhost', 'http://a.localhost:1', 'a.localhost:1'],
    ['a listed page', 'https://ops.example', '127.0.0.1:18789'],
    ['a proxy by its listed name', undefined, 'ops.example'],
  ])('[PA6] lets pass: %s', (_, origin, host) => {
    expect(isOpenTo({ address: '127.0.0.1', origin, host }, ['https://ops.example'])).toBe(true);
  });

  it.each([
    ['a page whose name leads here', 'http://evil.example:18789', 'evil.example:18789'],
    ['its reading requests, without origin', undefined, 'evil.example:18789'],
    ['a name that only looks local', undefined, 'localhost.evil.example'],
    ['a name that begins like an address', undefined, '127.0.0.1.evil.example'],
    ['a page from elsewhere', 'http://evil.example', '127.0.0.1:18789'],
    ['a host that is none', undefined, 'a b'],
    ['a blank host', undefined, ''],
  ])('[PA6] refuses %s', (_, origin, host) => {
    expect(isOpenTo({ address: '127.0.0.1', origin, host }, ['https://ops.example'])).toBe(false);
  });
});
