import fc from 'fast-check';
import { expect, it } from 'vitest';
import { presenceStates, sortKeys } from '../../viewer/index.ts';
import { groupings, readViewState, type ViewState, writeViewState } from './view-state.ts';

const words = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 });
const views: fc.Arbitrary<ViewState> = fc.record(
  {
    filter: fc.record({
      text: fc.string(),
      state: fc.uniqueArray(fc.constantFrom(...presenceStates)),
      mode: words,
      role: words,
      tag: words,
      gateway: words,
    }),
    sort: fc.constantFrom(...sortKeys),
    descending: fc.boolean(),
    grouping: fc.constantFrom(...groupings),
    timeline: fc.constant(true as const),
    atMs: fc.nat(2_000_000_000_000),
    instance: fc.string({ minLength: 1 }),
    language: fc.constantFrom('en', 'ja', 'ko', 'fr', 'de'),
  },
  { requiredKeys: ['filter', 'sort', 'descending', 'grouping'] },
);

it('a view that is written to the address is read back as it was', () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(readViewState(writeViewState(view))).toEqual(view);
    }),
  );
});

it('the default view has no query, and invalid values are left out', () => {
  expect(writeViewState(readViewState(''))).toBe('');
  expect(
    writeViewState(
      readViewState('?sort=nonsense&status=happy&state=glad&lang=xx&group=what&at=never&other=1'),
    ),
  ).toBe('');
});

it('addresses of older versions keep their meaning', () => {
  const view = readViewState('?sort=-host&status=active');
  expect(view).toMatchObject({ sort: 'name', descending: true });
  expect(view.filter.state).toEqual(['online', 'reporting']);
});
