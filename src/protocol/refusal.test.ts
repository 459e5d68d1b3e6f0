import { readFileSync } from 'node:fs';
import { readConnectErrorRecoveryAdvice } from '@openclaw/gateway-protocol/connect-error-details';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSES } from './close-table.ts';
import {
  authRateLimited,
  closeReasonOf,
  invalidConnect,
  missingScope,
  protocolMismatch,
  rateLimited,
  refusal,
  unknownMethod,
  wireClose,
} from './refusal.ts';
import { REFUSALS, statusOf } from './refusal-table.ts';

function documentedRows(file: string, title: string): string[] {
  const page = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
  const section = page.split(`## ${title}`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| when'));
}

function httpRows(): string[] {
  return Object.values(REFUSALS).flatMap(({ when, httpMessage }) =>
    httpMessage === undefined ? [] : [`| ${when} | ${httpMessage} |`],
  );
}

function codeRows(): string[] {
  const refusals = Object.values(REFUSALS).map((row) => {
    const then = row.closeCode === undefined ? '—' : `${row.closeCode}`;
    const detail = row.detail === undefined ? '—' : `\`${row.detail}\``;
    return `| ${row.when} | \`${row.code}\` | ${row.message} | ${detail} | ${then} | ${statusOf(row)} | ${row.retryable ? 'yes' : 'no'} |`;
  });
  const closes = Object.values(CLOSES).map(
    (row) => `| ${row.when} | ${row.closeCode} | "${row.closeReason}" | ${row.retryable ? 'yes' : 'no'} |`,
  );
  return [...refusals, ...closes];
}

describe('table of refusals', () => {
  it('[PW10] docs/protocol.md lists every refusal and close of the code, and no other', () => {
    expect(documentedRows('protocol.md', 'Errors and closes').sort()).toEqual(codeRows().sort());
  });

  it('[PW10] docs/http.md lists every message that is another over HTTP', () => {
    expect(documentedRows('http.md', 'Without the right credential').sort()).toEqual(httpRows().sort());
  });

  it('[PW10] a refusal that closes gives its message as reason', () => {
    expect(refusal('deviceNonceMismatch')).toEqual({
      name: 'deviceNonceMismatch',
      httpStatus: 400,
      code: 'INVALID_REQUEST',
      message: 'device nonce mismatch',
      details: { code: 'DEVICE_AUTH_NONCE_MISMATCH', reason: 'device-nonce-mismatch' },
      retryable: false,
      closeCode: 1008,
      closeReason: 'device nonce mismatch',
    });
  });

  it('[PW10] a protocol mismatch closes 1002 and states both ranges', () => {
    expect(protocolMismatch(5, 7)).toMatchObject({
      message: 'protocol mismatch',
      closeCode: 1002,
      details: {
        code: 'PROTOCOL_MISMATCH',
        clientMinProtocol: 5,
        clientMaxProtocol: 7,
        expectedProtocol: 4,
        minimumProbeProtocol: 3,
      },
    });
  });

  it('[PW10] a missing scope names the scope and those that would do', () => {
    expect(missingScope('operator.read')).toEqual({
      name: 'missingScope',
      httpStatus: 403,
      code: 'FORBIDDEN',
      message: 'missing scope: operator.read',
      details: { code: 'MISSING_SCOPE', missingScope: 'operator.read', requiredScopes: ['operator.read'] },
      retryable: false,
    });
  });

  it('[PW10] existing clients read the advice in credential refusals', () => {
    expect(readConnectErrorRecoveryAdvice(refusal('tokenMismatch').details)).toMatchObject({
      canRetryWithDeviceToken: false,
      recommendedNextStep: 'update_auth_credentials',
    });
    expect(readConnectErrorRecoveryAdvice(authRateLimited(1000).details)).toMatchObject({
      recommendedNextStep: 'wait_then_retry',
    });
  });

  it('[PL3] a rate limit is retryable after a whole number of milliseconds', () => {
    expect(rateLimited(12.3)).toMatchObject({ code: 'UNAVAILABLE', retryable: true, retryAfterMs: 13 });
  });

  it('[PW10] what a client sent is never read as a pattern', () => {
    expect(unknownMethod('$& {path}').message).toBe('unknown method: $& {path}');
    expect(unknownMethod('x'.repeat(10_000)).message.length).toBeLessThan(200);
  });

  it('[PW10] closes without an answer are those of the table', () => {
    expect(wireClose('notJson')).toEqual({ closeCode: 1000, closeReason: '' });
    expect(wireClose('serviceRestart')).toEqual({ closeCode: 1012, closeReason: 'service restart' });
  });

  it('[PW10] a close reason always fits into a close frame and begins the message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (message) => {
        const reason = closeReasonOf(message);
        expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
        expect(message.startsWith(reason)).toBe(true);
        if (Buffer.byteLength(message) <= 123) expect(reason).toBe(message);
      }),
    );
    expect(invalidConnect({ path: '/x', what: 'é'.repeat(200) }).closeReason?.length).toBeLessThan(124);
  });
});
