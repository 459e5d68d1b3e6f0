import { expect, it } from 'vitest';
import { x11ScreenSaver } from './x11-screen-saver.ts';

it('is missing without a display', async () => {
  expect(await x11ScreenSaver(() => ({})).open()).toEqual({ missing: 'DISPLAY is not set' });
});

it.each([{ WAYLAND_DISPLAY: 'wayland-0' }, { XDG_SESSION_TYPE: 'wayland' }])(
  'does not ask the X server of a Wayland session %o',
  async (session) => {
    const opened = await x11ScreenSaver(() => ({ DISPLAY: ':0', ...session })).open();
    expect(opened).toEqual({ missing: expect.stringContaining('Wayland session') });
  },
);

it('is missing when nobody answers at the display', async () => {
  const opened = await x11ScreenSaver(() => ({ DISPLAY: 'unix:54321' })).open();
  expect(opened).toEqual({ missing: expect.stringContaining('X display unix:54321') });
});
