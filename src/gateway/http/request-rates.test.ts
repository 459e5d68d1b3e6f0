import { expect, it } from 'vitest';
import { RequestRates } from './request-rates.ts';

const limits = { requestsPerSecond: 10, requestBurst: 2 };

it('[PL3] counts every caller by itself', () => {
  const rates = new RequestRates(limits);
  expect([rates.take('a', 0), rates.take('a', 0), rates.take('a', 0)]).toEqual([0, 0, 100]);
  expect(rates.take('b', 0)).toBe(0);
  expect(rates.take('a', 100)).toBe(0);
});

it('[PL3] keeps a bounded number of callers, those with the latest requests', () => {
  const rates = new RequestRates(limits);
  for (let times = 0; times < 2; times += 1) rates.take('first', 0);
  for (let caller = 1; caller < 10_000; caller += 1) rates.take(`caller-${caller}`, 0);
  expect(rates.take('first', 0)).toBe(100);
  for (let caller = 0; caller < 20_000; caller += 1) rates.take(`more-${caller}`, 0);
  expect(rates.size).toBe(10_000);
  expect(rates.take('first', 0)).toBe(0);
});
