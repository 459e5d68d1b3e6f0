import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { type X11Environment, x11ScreenSaver } from './x11-screen-saver.ts';

const open = (session: X11Environment) =>
  x11ScreenSaver({ environment: async () => session, patienceMs: 50 }).open();

it('is missing without a display', async () => {
  expect(await open({})).toEqual({ missing: 'DISPLAY is not set' });
});

it.each([{ WAYLAND_DISPLAY: 'wayland-0' }, { XDG_SESSION_TYPE: 'wayland' }])(
  'does not ask the X server of a Wayland session %o',
  async (session) => {
    expect(await open({ DISPLAY: ':0', ...session })).toEqual({
      missing: expect.stringContaining('Wayland session'),
    });
  },
);

it.each(['localhost:10.0', 'desk.example:0'])('does not use the forwarded display %s', async (DISPLAY) => {
  expect(await open({ DISPLAY })).toEqual({ missing: `DISPLAY ${DISPLAY} belongs to another computer` });
});

it('is missing when nothing listens at the display', async () => {
  expect(await open({ DISPLAY: 'unix:54321' })).toEqual({
    missing: expect.stringContaining('X display unix:54321'),
  });
});

it('does not wait for an X server that never answers', async () => {
  const display = 50_000 + (process.pid % 10_000);
  await mkdir('/tmp/.X11-unix', { recursive: true });
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(`/tmp/.X11-unix/X${display}`, resolve));
  const opened = await open({ DISPLAY: `unix:${display}` });
  await new Promise((resolve) => silent.close(resolve));
  expect(opened).toEqual({ missing: `X display unix:${display}: no answer within 50 ms` });
});
