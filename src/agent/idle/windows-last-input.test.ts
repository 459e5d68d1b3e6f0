import { expect, it } from 'vitest';
import { loadLastInputApi, windowsLastInput } from './windows-last-input.ts';

const probe = (lastInput: number | undefined, tick: number) =>
  windowsLastInput(async () => ({ lastInputTick: () => lastInput, tickCount: () => tick })).open();

it('counts from the tick of the last input', async () => {
  const source = await probe(1_000_000, 1_042_999);
  expect('missing' in source || (await source.idleSeconds())).toBe(42);
});

it('stays right when the tick counter wraps after 49.7 days', async () => {
  const source = await probe(2 ** 32 - 3000, 4000);
  expect('missing' in source || (await source.idleSeconds())).toBe(7);
});

it('rejects where the logon session has no desktop', async () => {
  await expect(probe(undefined, 0)).rejects.toThrow('GetLastInputInfo failed');
});

it('loads the real libraries on Windows and rejects elsewhere', async () => {
  const loaded = loadLastInputApi().then((api) => api.tickCount() > 0);
  if (process.platform === 'win32') expect(await loaded).toBe(true);
  else await expect(loaded).rejects.toThrow('shared library');
});
