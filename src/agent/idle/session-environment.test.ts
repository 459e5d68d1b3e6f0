import { expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { parseVariables, sessionEnvironment } from './session-environment.ts';

const manager =
  (stdout: string): Run =>
  async () => ({ ok: true, value: stdout });

it('takes the display from the user manager when this process has none', async () => {
  const env: Record<string, string | undefined> = { HOME: '/home/ada' };
  const run = manager(
    "DISPLAY=:1\nXAUTHORITY=/run/user/1000/gdm/Xauthority\nLS_COLORS=$'a b'\nHOME=/elsewhere\n",
  );
  expect(await sessionEnvironment({ env, run })()).toEqual({
    HOME: '/home/ada',
    DISPLAY: ':1',
    XAUTHORITY: '/run/user/1000/gdm/Xauthority',
  });
});

it('queries no user manager when this process has a display', async () => {
  const run: Run = () => Promise.reject(new Error('asked'));
  expect(await sessionEnvironment({ env: { DISPLAY: ':0' }, run })()).toEqual({ DISPLAY: ':0' });
});

it('drops the variables of a session that has ended', async () => {
  let stdout = 'DISPLAY=:1\n';
  const env = {};
  const read = sessionEnvironment({ env, run: async () => ({ ok: true, value: stdout }) });
  await read();
  stdout = 'WAYLAND_DISPLAY=wayland-0\nXDG_SESSION_TYPE=wayland\n';
  expect(await read()).toEqual({ WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' });
});

it('finds nothing where there is no user manager', async () => {
  const run: Run = async () => ({ ok: false, error: 'systemctl is not installed' });
  expect(await sessionEnvironment({ env: {}, run })()).toEqual({});
});

it('leaves out quoted and broken lines', () => {
  expect([...parseVariables("A=1\nB=$'x\\ny'\nno equals\n=2\nC=d=e\n")]).toEqual([
    ['A', '1'],
    ['C', 'd=e'],
  ]);
});
