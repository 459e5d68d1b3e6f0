import { describe, expect, it } from 'vitest';
import { isOrigin, isOriginAllowed, withLocalHost } from './origin.ts';

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

describe('withLocalHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:18789',
    'app.localhost:1',
    '127.0.0.1',
    '127.9.9.9:18789',
    '[::1]:18789',
    '[::1]',
  ])('[PA6] keeps a name of this machine: %s', (host) => {
    expect(withLocalHost(peer(undefined, host)).host).toBe(host);
  });

  it.each([
    'evil.example',
    '192.0.2.1:18789',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '[::2]',
    '',
    'a b',
  ])('[PA6] drops a name that was made to lead here: %j', (host) => {
    expect(withLocalHost(peer(undefined, host)).host).toBeUndefined();
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
