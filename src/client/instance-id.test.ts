import { describe, expect, it, vi } from 'vitest';
import { keptInstanceId, randomId } from './instance-id.ts';
import { memoryStore } from './store.ts';

describe('keptInstanceId', () => {
  it('[PK6] is made once and kept', async () => {
    const store = memoryStore();
    expect(await keptInstanceId(store, () => 'first')).toBe('first');
    expect(await keptInstanceId(store, () => 'second')).toBe('first');
  });

  it('continues without a store that fails, and logs it', async () => {
    const failing = { get: () => Promise.reject(new Error('private window')), set: () => undefined };
    const logger = { debug: vi.fn(), warn: vi.fn() };
    expect(await keptInstanceId(failing, () => 'only', logger)).toBe('only');
    expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('private window'));
  });
});

describe('randomId', () => {
  it('is 128 random bits in hex', () => {
    const ids = new Set(Array.from({ length: 100 }, randomId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{32}$/);
  });
});
