import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

describe('the nearest word', () => {
  it.each([
    ['operator.raed', 'operator.read'],
    ['Operator.Read', 'operator.read'],
    ['operator.writ', 'operator.write'],
    ['admin', undefined],
    ['', undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, ['operator.read', 'operator.write', 'operator.admin'])).toBe(expected);
  });

  it('completes an error, or adds nothing', () => {
    expect(didYouMean('prot', ['port', 'bind'])).toBe(' (did you mean port?)');
    expect(didYouMean('zzz', ['port', 'bind'])).toBe('');
  });
});
