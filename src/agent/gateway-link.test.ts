import { expect, it } from 'vitest';
import { describeLink } from './gateway-link.ts';

const url = 'ws://127.0.0.1:18789';
const base = { sinceMs: 0, attempts: 1 };

it('says in words where the connection stands', () => {
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
