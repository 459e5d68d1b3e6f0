import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockOffset } from './clock-offset.ts';

describe('clock offset', () => {
  it('is undefined before the first sample, and after a reset', () => {
    const offset = createClockOffset();
    expect(offset.serverNowMs(5)).toBeUndefined();
    offset.sample(1_000, 5);
    offset.reset();
    expect(offset.serverNowMs(5)).toBeUndefined();
  });

  it('[PS2] is never ahead of the gateway, and as far behind as the quickest message was late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5_000), { minLength: 1, maxLength: 8 }),
        fc.integer({ max: 1e6 }),
        (lateMs, lead) => {
          const offset = createClockOffset();
          for (const [index, late] of lateMs.entries())
            offset.sample(1e12 + index, 1e12 + index - lead + late);
          expect(offset.serverNowMs(1e12)).toBe(1e12 + lead - Math.min(...lateMs));
        },
      ),
    );
  });

  it('[PS2] follows a gateway whose clock is set back', () => {
    const offset = createClockOffset();
    for (let count = 0; count < 8; count += 1) offset.sample(100_000, 0);
    for (let count = 0; count < 8; count += 1) offset.sample(40_000, 0);
    expect(offset.serverNowMs(0)).toBe(40_000);
  });
});
