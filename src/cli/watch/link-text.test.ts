import { describe, expect, it } from 'vitest';
import type { ClientState } from '../../client/index.ts';
import { explainRefusal, linkText } from './link-text.ts';

const target = { url: 'ws://gw:1', token: 'right-token' };
const refusedFor = (code: string, reason: string, whatToDo: string): string =>
  explainRefusal({ phase: 'refused', sinceMs: 0, code, reason, whatToDo }, target);

describe('the state of the connection', () => {
  it.each([
    [{ phase: 'idle', sinceMs: 0 }, '○ stopped'],
    [{ phase: 'connecting', sinceMs: 0 }, '◌ connecting'],
    [
      { phase: 'reconnecting', sinceMs: 0, code: 'CLOSED_1006', reason: 'gone', attempts: 2 },
      '◌ reconnecting for 1m 5s, attempt 2',
    ],
    [{ phase: 'refused', sinceMs: 0, code: 'X', reason: 'no', whatToDo: 'ask' }, '✗ refused'],
  ] as [ClientState, string][])('%j', (state, status) => {
    expect(linkText(state, target, 65_000).status).toBe(status);
  });

  it('why it is lost, and the command that finds out more', () => {
    const reason = 'no gateway\u001b[2J answers';
    const lost: ClientState = { phase: 'reconnecting', sinceMs: 0, code: 'NETWORK', reason, attempts: 1 };
    const { explanation } = linkText({ ...lost, whatToDo: 'Check it.' }, target, 0);
    expect(explanation).toBe('no gateway [2J answers. Check it. rollcall doctor finds out why.');
  });
});

describe('a refusal for good', () => {
  it('of a token names the variable that holds it, not the option of the SDK', () => {
    const line = refusedFor('AUTH_TOKEN_MISMATCH', 'no', 'createPresenceClient({token})');
    expect(line).toMatch(/^wrong token for ws:\/\/gw:1\. .*set ROLLCALL_TOKEN/);
    expect(line).not.toContain('createPresenceClient');
  });

  it('of another kind shows the message of the gateway, then what to do', () => {
    expect(refusedFor('MISSING_SCOPE', 'no read', 'Use a token that allows operator.read.')).toBe(
      'ws://gw:1 refused the connection: no read. Use a token that allows operator.read.',
    );
    expect(refusedFor('X', 'no', 'y')).not.toContain('right-token');
  });
});
