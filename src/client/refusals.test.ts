import { describe, expect, it } from 'vitest';
import { authRateLimited, REFUSALS } from '../protocol/index.ts';
import { explainClose, explainConnectError, refusal } from './refusals.ts';

const closed = { url: 'ws://h:1/', code: 1006, reason: '', socketOpened: true };

describe('explainConnectError', () => {
  it('treats every refusal of the table as final or temporary, by the table', () => {
    const passing = [
      'DEVICE_AUTH_SIGNATURE_EXPIRED',
      'DEVICE_AUTH_NONCE_REQUIRED',
      'DEVICE_AUTH_NONCE_MISMATCH',
    ];
    const { mcpNotInstalled: _ofHttpAlone, ...refusals } = REFUSALS;
    for (const { code, detail, message, retryable } of Object.values(refusals)) {
      const error = { code, message, retryable, ...(detail && { details: { code: detail } }) };
      const { permanent, reason } = explainConnectError(error);
      expect({ detail, permanent }).toEqual({
        detail,
        permanent: !retryable && !passing.includes(detail ?? ''),
      });
      expect(reason).toBe(message);
    }
  });

  it.each([
    ['AUTH_TOKEN_MISMATCH', 'token'],
    ['AUTH_PASSWORD_MISSING', 'password'],
    ['PROTOCOL_MISMATCH', 'Update'],
    ['CONTROL_UI_ORIGIN_NOT_ALLOWED', 'allowedOrigins'],
    ['DEVICE_AUTH_SIGNATURE_INVALID', 'device'],
    ['PAIRING_REQUIRED', 'Approve'],
    ['SELF_ROW', 'instanceId'],
    ['ROLE_NOT_GRANTED', 'role'],
    ['CONTROL_UI_DEVICE_IDENTITY_REQUIRED', 'device identity'],
    ['SOMETHING_NEW', 'gateway'],
  ])('%s says what to do', (code, word) => {
    expect(refusal(code, 'no').whatToDo).toContain(word);
  });

  it('[PA7] waits for the time that the gateway states, and for a minute when it states none', () => {
    expect(explainConnectError(authRateLimited(300_000))).toMatchObject({
      permanent: false,
      retryAfterMs: 300_000,
    });
    const silent = { message: 'too many', details: { code: 'AUTH_RATE_LIMITED' } };
    expect(explainConnectError(silent)).toMatchObject({ permanent: false, retryAfterMs: 60_000 });
  });
});

describe('explainClose', () => {
  it.each([
    ['a restart by code', { code: 1012, reason: 'service restart' }, 'SERVICE_RESTART'],
    ['a restart that was announced', { shutdownReason: 'gateway stopping' }, 'SERVICE_RESTART'],
    ['a gateway that is not there', { socketOpened: false }, 'NETWORK'],
    ['a slow reader', { code: 1008, reason: 'slow consumer' }, 'CLOSED_1008'],
    [
      'a full gateway',
      { socketOpened: false, error: new Error('Unexpected server response: 503') },
      'HTTP_503',
    ],
  ])('%s passes', (_, more, code) => {
    expect(explainClose({ ...closed, ...more })).toMatchObject({ code, permanent: false });
  });

  it.each([
    ['200', /proxy .* may drop the header Upgrade/],
    ['502', /A proxy in front of the gateway cannot reach it/],
    ['301 to https://new.example/', /sent on to https:\/\/new\.example: use wss:\/\/new\.example\.$/],
  ])('a proxy that answers %s is said to be one', (answer, whatToDo) => {
    const error = new Error(`Unexpected server response: ${answer}`);
    const why = explainClose({ ...closed, socketOpened: false, error });
    expect(why.code).toBe(`HTTP_${answer.slice(0, 3)}`);
    expect(why.whatToDo).toMatch(whatToDo);
  });

  it('[PA6] a foreign origin that is refused before the handshake is final', () => {
    const error = new Error('Unexpected server response: 403');
    expect(explainClose({ ...closed, error })).toMatchObject({ code: 'HTTP_403', permanent: true });
  });
});
