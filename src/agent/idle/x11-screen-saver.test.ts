import { expect, it } from 'vitest';
import { x11ScreenSaver } from './x11-screen-saver.ts';

it('is missing without a display', async () => {
  expect(await x11ScreenSaver(async () => ({})).open()).toEqual({ missing: 'DISPLAY is not set' });
});

it.each([{ WAYLAND_DISPLAY: 'wayland-0' }, { XDG_SESSION_TYPE: 'wayland' }])(
  'does not ask the X server of a Wayland session %o',
  async (session) => {
    const opened = await x11ScreenSaver(async () => ({ DISPLAY: ':0', ...session })).open();
    expect(opened).toEqual({ missing: expect.stringContaining('Wayland session') });
  },
);

it('is missing when nobody answers at the display', async () => {
  const opened = await x11ScreenSaver(async () => ({ DISPLAY: 'unix:54321' })).open();
  expect(opened).toEqual({ missing: expect.stringContaining('X display unix:54321') });
});

it.each(['localhost:10.0', 'desk.example:0'])('does not ask the forwarded display %s', async (DISPLAY) => {
  const opened = await x11ScreenSaver(async () => ({ DISPLAY })).open();
  expect(opened).toEqual({ missing: `DISPLAY ${DISPLAY} belongs to another computer` });
});
