import { describe, expect, it } from 'vitest';
import { canonicalizeHost } from './host-header.ts';

function requestOf(...hosts: readonly string[]): {
  headers: { host?: string };
  rawHeaders: string[];
} {
  const [host] = hosts;
  return {
    headers: host === undefined ? {} : { host },
    rawHeaders: hosts.flatMap((sent, index) => [index % 2 === 0 ? 'Host' : 'host', sent]),
  };
}

describe('canonicalizeHost', () => {
  it.each([
    ['a.example', 'a.example'],
    ['A.Example:8080', 'a.example:8080'],
    ['a.example:80', 'a.example:80'],
    ['a.example:443', 'a.example:443'],
    ['a.example:', 'a.example'],
    ['localhost.', 'localhost.'],
    ['127.1:18789', '127.0.0.1:18789'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]:18789', '[::1]:18789'],
    ['my_host', 'my_host'],
  ])('[PW11] %s is %s', (sent, host) => {
    const request = requestOf(sent);
    expect(canonicalizeHost(request)).toBe(true);
    expect(request.headers.host).toBe(host);
  });

  it.each([
    '',
    '527.0.0.1',
    '::1',
    '[::1',
    '[fe80::1%eth0]',
    'a:99999',
    'a b',
    'a, b',
    'a/b',
    'u@a',
    'a?b',
    'a\\b',
  ])('[PW11] %j is none', (sent) => {
    expect(canonicalizeHost(requestOf(sent))).toBe(false);
  });

  it('[PW11] several are none, and a request without is one', () => {
    expect(canonicalizeHost(requestOf('a', 'b'))).toBe(false);
    expect(canonicalizeHost(requestOf('a', 'a'))).toBe(false);
    expect(canonicalizeHost(requestOf())).toBe(true);
  });
});
