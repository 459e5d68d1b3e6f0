import { describe, expect, it } from 'vitest';
import type { Run, RunOutcome } from '../run.ts';
import { idleSecondsOf, logindSession, parseSessions } from './logind-session.ts';

const nowMs = 1_795_251_783_000;
const block = (fields: Record<string, string>): string =>
  Object.entries({ Class: 'user', State: 'active', ...fields })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
const micros = (secondsAgo: number): string => String((nowMs - secondsAgo * 1000) * 1000);

const terminal = (secondsAgo: number, idle = 'no'): string =>
  block({ Type: 'tty', IdleHint: idle, IdleSinceHint: micros(secondsAgo) });
const desktop = (secondsAgo: number, idle: 'yes' | 'no'): string =>
  block({ Type: 'wayland', IdleHint: idle, IdleSinceHint: micros(secondsAgo) });
const silentDesktop = block({ Type: 'x11', IdleHint: 'no', IdleSinceHint: '0' });

function logind(sessions: RunOutcome, ids = '2 5\n'): Run {
  return async (_, [verb]) => (verb === 'show-user' ? { ok: true, value: ids } : sessions);
}
const open = (run: Run) => logindSession({ uid: 1000, wallMs: () => nowMs, run }).open();
const shown = (...blocks: string[]): RunOutcome => ({ ok: true, value: `${blocks.join('\n\n')}\n` });

describe('logindSession', () => {
  it('takes the last input of a terminal whether logind calls it idle or not', async () => {
    const source = await open(logind(shown(terminal(75), terminal(3600, 'yes'))));
    expect('missing' in source || (await source.idleSeconds())).toBe(75);
  });

  it('counts from the moment a desktop reported idle', async () => {
    const source = await open(logind(shown(desktop(640, 'yes'))));
    expect('missing' in source || (await source.idleSeconds())).toBe(640);
  });

  it('guesses nothing while a desktop is in use', async () => {
    const source = await open(logind(shown(desktop(30, 'no'), terminal(9000))));
    expect('missing' in source || (await source.idleSeconds())).toBeUndefined();
  });

  it('is missing when no desktop ever gave a hint', async () => {
    expect(await open(logind(shown(silentDesktop)))).toEqual({
      missing: expect.stringContaining('ever reported idleness'),
    });
  });

  it('is missing without a session', async () => {
    expect(await open(logind(shown(), '\n'))).toEqual({ missing: 'this user has no login session' });
  });

  it('leaves out greeters, managers and sessions that are closing', () => {
    const others = [
      block({ Class: 'greeter', Type: 'wayland', IdleHint: 'no' }),
      block({ Class: 'manager', Type: 'unspecified', IdleHint: 'no' }),
      block({ State: 'closing', Type: 'tty', IdleHint: 'no' }),
    ];
    expect(parseSessions(others.join('\n\n'))).toEqual([]);
  });

  it('passes on why logind does not answer', async () => {
    const error = 'loginctl: System has not been booted with systemd as init system (PID 1).';
    expect(await open(async () => ({ ok: false, error }))).toEqual({ missing: error });
  });

  it('loses the source when the last session ends', async () => {
    let ids = '2\n';
    const run: Run = async (_, [verb]) =>
      verb === 'show-user' ? { ok: true, value: ids } : shown(terminal(5));
    const source = await open(run);
    ids = '\n';
    await expect('missing' in source || source.idleSeconds()).rejects.toThrow('no login session');
  });

  it('is never negative when the clock was set back', () => {
    expect(idleSecondsOf([{ graphical: false, idle: false, sinceMs: nowMs + 5000 }], nowMs)).toBe(0);
  });
});
