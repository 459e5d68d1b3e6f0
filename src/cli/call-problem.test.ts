import { describe, expect, it } from 'vitest';
import { type CallProblem, explainProblem } from './call-problem.ts';

const target = { url: 'wss://gw.example:18789', token: 'right-token' };

function explain(problem: CallProblem): string {
  const line = explainProblem(problem, target);
  expect(line).not.toContain('\n');
  expect(line).not.toContain('right-token');
  return line;
}

const transport = (message: string, code?: string): string =>
  explain({ kind: 'transport', error: Object.assign(new Error(message), { code }) });

describe('what a person reads when the gateway cannot be reached', () => {
  it.each([
    [
      'connect ECONNREFUSED',
      'ECONNREFUSED',
      /^nothing listens at wss:.*start a gateway \(rollcall gateway\)/,
    ],
    ['getaddrinfo ENOTFOUND', 'ENOTFOUND', /host of wss:\S+ is not known: check the spelling/],
    ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', /is not trusted: point NODE_EXTRA_CA_CERTS/],
    ['unable to verify', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /is not trusted/],
    [
      'Hostname/IP does not match',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      /is not valid \(Hostname.*use the name it was made for/,
    ],
    ['certificate has expired', 'CERT_HAS_EXPIRED', /is not valid \(certificate has expired\)/],
    ['wrong version number', 'EPROTO', /does not speak TLS: check the port, or give that gateway a certif/],
    [
      'Opening handshake has timed out',
      undefined,
      /does not answer \(Opening handshake has timed out\): check the address/,
    ],
    ['gateway connect challenge timeout after 10000ms', undefined, /does not answer/],
    ['socket hang up', 'ECONNRESET', /does not speak WebSocket.*write wss/],
    ['Unexpected server response: 503', undefined, /has no room for another connection/],
    ['Unexpected server response: 429', undefined, /wait five minutes/],
    ['Unexpected server response: 401', undefined, /a proxy in front of the gateway/],
    [
      'Unexpected server response: 426',
      undefined,
      /answers HTTP 426, not WebSocket: .* may drop the header Upgrade/,
    ],
    [
      'Unexpected server response: 200',
      undefined,
      /HTTP 200, not WebSocket: a proxy .* may drop the header Upgrade/,
    ],
    ['Unexpected server response: 502', undefined, /a proxy in front of the gateway cannot reach it/],
    ['Unexpected server response: 504', undefined, /a proxy in front of the gateway cannot reach it/],
    ['Unexpected server response: 404', undefined, /check the port and the path/],
    [
      'Unexpected server response: 301 to https://new.example/a?b',
      undefined,
      /it is sent on to https:\/\/new\.example: use wss:\/\/new\.example$/,
    ],
    [
      'Unexpected server response: 302 to /login',
      undefined,
      /it is sent on to https:\/\/gw\.example:18789: use wss/,
    ],
    ['Unexpected server response: 307 to javascript:x', undefined, /look at the proxy in front/],
    ['network\nunreachable', 'ENETUNREACH', /^cannot reach wss:\S+: network unreachable$/],
  ])('%s', (message, code, expected) => {
    expect(transport(message, code)).toMatch(expected);
  });

  it('never advises to send a secret over a network without TLS', () => {
    const lines = [
      transport('wrong version number', 'EPROTO'),
      transport('wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER'),
      transport('Unexpected server response: 301 to http://gw.example/'),
    ];
    for (const line of lines) expect(line).not.toMatch(/use ws:/);
    expect(lines[2]).toContain('without TLS: correct the redirect');
    const local = { url: 'wss://[::1]:18789' };
    const error = Object.assign(new Error('wrong version number'), { code: 'EPROTO' });
    expect(explainProblem({ kind: 'transport', error }, local)).toContain('use ws:// instead of wss://');
  });

  it('a close without a word', () => {
    expect(explain({ kind: 'closed', code: 1008, reason: 'bye' })).toMatch(
      /closed the connection \(1008 bye\)/,
    );
  });
});

describe('what a person reads when a request is refused', () => {
  const answer = (error: object, served?: string[]): string =>
    explain({
      kind: 'answer',
      method: 'm',
      error: Object.assign(new Error('no'), error),
      ...(served && { served }),
    });

  it.each([
    [{ code: 'FORBIDDEN', details: { missingScope: 'operator.write' } }, /m needs the scope operator.write/],
    [
      { code: 'INVALID_REQUEST', message: 'missing scope: operator.admin' },
      /m needs the scope operator.admin/,
    ],
    [{ code: 'INVALID_REQUEST', message: 'unknown method: m' }, /unknown method "m"\. Check the spelling/],
    [{ code: 'CLIENT_TIMEOUT' }, /was not answered in time/],
    [
      { message: 'gateway closed (1012): service restart' },
      /connection was lost before m was answered \(gateway closed/,
    ],
    [
      { code: 'UNAVAILABLE', message: 'too many requests' },
      /^m was refused: too many requests \(UNAVAILABLE\)$/,
    ],
  ])('%j', (error, expected) => {
    expect(answer(error)).toMatch(expected);
  });
});
