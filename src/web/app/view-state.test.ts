import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortKeys } from '../../viewer/index.ts';
import { readViewState, statuses, type ViewState, writeViewState } from './view-state.ts';

const words = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 });
const views: fc.Arbitrary<ViewState> = fc.record(
  {
    filter: fc.record({
      text: fc.string(),
      mode: words,
      status: fc.uniqueArray(fc.constantFrom(...statuses)),
      role: words,
    }),
    sort: fc.constantFrom(...sortKeys),
    descending: fc.boolean(),
    grouped: fc.boolean(),
    instance: fc.string({ minLength: 1 }),
    language: fc.constantFrom('en', 'ja', 'ko', 'fr', 'de'),
  },
  { requiredKeys: ['filter', 'sort', 'descending', 'grouped'] },
);

it('a view that is written to the address is read back as it was', () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(readViewState(writeViewState(view))).toEqual(view);
    }),
  );
});

it('the plain view has no query, and nonsense is left out', () => {
  expect(writeViewState(readViewState(''))).toBe('');
  expect(writeViewState(readViewState('?sort=nonsense&status=happy&lang=xx&group=mode&other=1'))).toBe('');
});
