import { describe, expect, it } from 'vitest';
import { isOpenTo, isOrigin, isOriginAllowed, originHint } from './origin.ts';

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
    ['the own origin, the default port of its scheme in Host', 'https://gw.example', 'gw.example:443'],
    ['the own origin, the default port of HTTP in Host', 'http://gw.example', 'gw.example:80'],
    ['the own origin, a dot at the end of the name', 'https://gw.example', 'gw.example.'],
    ['another spelling of an IPv6 address', 'http://[::1]:18789', '[0:0:0:0:0:0:0:1]:18789'],
    ['a listed origin with its default port', 'https://ops.example:443', 'gw.example:18789'],
  ])('[PA6] lets pass: %s', (_, origin, host) => {
    expect(isOriginAllowed(peer(origin, host), ['https://ops.example'])).toBe(true);
  });

  it.each([
    ['another host', 'http://evil.example:18789'],
    ['another port', 'http://gw.example:18790'],
    ['an app with the name of the gateway', 'tauri://gw.example:18789'],
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
  it.each([
    '*',
    'https://ops.example.org',
    'http://[::1]:8080',
    'HTTPS://Ops.example.org',
    'https://ops.example.org/',
    'https://ops.example.org:443',
    'tauri://localhost',
    'app://localhost',
    'capacitor://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  ])('[PA6] takes %s', (text) => {
    expect(isOrigin(text)).toBe(true);
  });

  it.each([
    '',
    'ops.example.org',
    'https://ops.example.org/x',
    'https://u@ops.example.org',
    'https://*.example.org',
    'null',
  ])('[PA6] refuses %j', (text) => {
    expect(isOrigin(text)).toBe(false);
  });
});

describe('originHint', () => {
  it.each([
    ['ops.example.org', 'an origin starts with its scheme: write https://ops.example.org'],
    ['ops.example.org/app', 'an origin starts with its scheme: write https://ops.example.org'],
    ['https://ops.example.org/app', 'an origin ends after host and port: write https://ops.example.org'],
    ['https://u@ops.example.org', 'an origin ends after host and port: write https://ops.example.org'],
    ['https://*.example.org', 'patterns are not supported: list each origin, or "*" for every page'],
    ['', undefined],
  ])('[PA6] of %j is %j', (text, hint) => {
    expect(originHint(text)).toBe(hint);
  });
});

describe('origins of apps', () => {
  it.each(['tauri://localhost', 'app://Localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'])(
    '[PA6] %s comes in when it is listed, and no other',
    (origin) => {
      expect(isOriginAllowed(peer(origin), [origin.toLowerCase()])).toBe(true);
      expect(isOriginAllowed(peer('tauri://elsewhere'), [origin])).toBe(false);
      expect(isOriginAllowed(peer(origin), ['https://localhost'])).toBe(false);
    },
  );
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
