import { expect, it } from 'vitest';
import { explainConnectError } from '../client/refusals.ts';
import { describeLink } from './gateway-link.ts';

const url = 'ws://127.0.0.1:18789';
const base = { sinceMs: 0, attempts: 1 };

it('describes the state of the connection', () => {
  expect(describeLink({ phase: 'idle', sinceMs: 0 }, url)).toBeUndefined();
  expect(describeLink({ phase: 'connecting', sinceMs: 0 }, url)?.line).toBe(`connecting to ${url}`);
  expect(
    describeLink({ phase: 'reconnecting', ...base, code: 'NETWORK', reason: 'lost', whatToDo: 'Wait.' }, url),
  ).toEqual({
    level: 'warn',
    line: `reconnecting to ${url}: lost. What to do: Wait.`,
  });
});

it('names the settings of the agent where the SDK names those of programs', () => {
  const refused = {
    phase: 'refused',
    sinceMs: 0,
    code: 'AUTH_TOKEN_MISMATCH',
    reason: 'unauthorized',
    whatToDo: 'x',
  } as const;
  expect(describeLink(refused, url)?.line).toBe(
    `refused by ${url}: unauthorized. What to do: give the token of that gateway with ROLLCALL_TOKEN or --token`,
  );
});

it('[PU15] names the request to approve', () => {
  const { whatToDo = '' } = explainConnectError({
    message: 'pairing required',
    details: { code: 'PAIRING_REQUIRED', requestId: 'a726bf23-2c29' },
  });
  const refused = {
    phase: 'refused',
    sinceMs: 0,
    code: 'PAIRING_REQUIRED',
    reason: 'pairing',
    whatToDo,
  } as const;
  expect(describeLink(refused, url)?.line).toContain(
    'on that gateway run: openclaw devices approve a726bf23-2c29; this agent waits',
  );
});

it('[PU15] leaves out a request id that is not a plain word', () => {
  const { whatToDo } = explainConnectError({
    message: 'pairing required',
    details: { code: 'PAIRING_REQUIRED', requestId: 'x; rm -r ~' },
  });
  expect(whatToDo).not.toContain('rm');
});
