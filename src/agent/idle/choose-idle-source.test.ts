import { expect, it } from 'vitest';
import { chooseIdleSource } from './choose-idle-source.ts';
import type { IdleProbe, IdleSource } from './idle-source.ts';

const source = (name: string): IdleSource => ({ name, idleSeconds: async () => 7, close: () => undefined });
const working = (name: string): IdleProbe => ({ name, open: async () => source(name) });
const missing = (name: string, reason: string): IdleProbe => ({
  name,
  open: async () => ({ missing: reason }),
});

it('takes the first source that works and returns why those before it do not', async () => {
  const choice = await chooseIdleSource([
    missing('x11', 'DISPLAY is not set'),
    working('logind'),
    working('tty'),
  ]);
  expect(choice.source?.name).toBe('logind');
  expect(choice.missing).toEqual([{ source: 'x11', reason: 'DISPLAY is not set' }]);
});

it('chooses nothing rather than guess', async () => {
  expect(await chooseIdleSource([missing('tty', 'none open')])).toEqual({
    missing: [{ source: 'tty', reason: 'none open' }],
  });
});

it('treats a probe that throws as a missing source', async () => {
  const broken: IdleProbe = {
    name: 'mutter',
    open: () => Promise.reject(new Error('busctl is not installed')),
  };
  expect((await chooseIdleSource([broken])).missing).toEqual([
    { source: 'mutter', reason: 'busctl is not installed' },
  ]);
});
