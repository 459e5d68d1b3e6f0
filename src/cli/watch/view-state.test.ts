import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key, KeyName } from './key.ts';
import { firstView, type ListedKeys, press, selectedIndexOf, topFor, type ViewState } from './view-state.ts';

const listed = (...keys: string[]): ListedKeys => ({
  count: keys.length,
  keyAt: (index) => keys[index],
  indexOf: (key) => keys.indexOf(key),
});
const context = { keys: listed('a', 'b', 'c', 'd', 'e'), pageRows: 2, noticeCount: 3, scrollMax: 3 };
const named = (name: KeyName): Key => ({ kind: 'named', name });

/** The view after these keys: names in angle brackets, anything else typed. */
function after(keys: string, from: ViewState = firstView): ViewState {
  return [...keys.matchAll(/<(\w+)>|./gu)].reduce((state, [text, name]) => {
    const key: Key = name === undefined ? { kind: 'text', text } : named(name as KeyName);
    return press(state, key, context).state;
  }, from);
}

describe('keys in the list', () => {
  it.each([
    ['<down>', 'b'],
    ['jjk', 'b'],
    ['<pagedown>', 'c'],
    ['G', 'e'],
    ['<end><down>', 'e'],
    ['<up>', 'a'],
    ['<end><pageup>g', 'a'],
  ])('%s moves the cursor to %s', (keys, selectedKey) => {
    expect(after(keys)).toMatchObject({ selectedKey, pane: 'list' });
  });

  it('s goes through the orders and back to the first, S turns one round', () => {
    expect(after('s').order).toEqual({ by: 'state', descending: false });
    expect(after('sS').order).toEqual({ by: 'state', descending: true });
    expect(after('ssssss').order).toEqual(firstView.order);
  });

  it('returns a request for actions that change no view', () => {
    expect(press(firstView, { kind: 'text', text: 'q' }, context).wish).toBe('quit');
    expect(press(firstView, { kind: 'text', text: 'r' }, context).wish).toBe('retry');
    expect(press(firstView, named('redraw'), context).wish).toBe('redraw');
    expect(press(firstView, { kind: 'text', text: 'y' }, context).wish).toBe('copy');
    expect(press(after('/'), named('interrupt'), context).wish).toBe('quit');
  });
});

describe('the filter', () => {
  it('filters while it is typed; letters are no commands there', () => {
    expect(after('/qs京')).toMatchObject({ pane: 'filter', filter: 'qs京' });
    expect(after('/qs京<backspace><backspace>').filter).toBe('q');
  });

  it('Enter keeps it, Esc brings the former one back, Esc in the list shows all rows', () => {
    expect(after('/ab<return>')).toMatchObject({ pane: 'list', filter: 'ab' });
    expect(after('/ab<return>/c<escape>')).toMatchObject({ pane: 'list', filter: 'ab' });
    expect(after('/ab<return><escape>')).toMatchObject({ pane: 'list', filter: '' });
  });

  it('ends when nothing is left to erase; Ctrl+U erases all', () => {
    expect(after('/a<backspace><backspace>').pane).toBe('list');
    expect(after('/abc<clear>')).toMatchObject({ pane: 'filter', filter: '' });
  });
});

describe('the detail and help panes', () => {
  it('Enter shows the row at the cursor, left and right its neighbours, Esc goes back', () => {
    expect(after('j<return>')).toMatchObject({ pane: 'detail', selectedKey: 'b' });
    expect(after('j<return><right>')).toMatchObject({ pane: 'detail', selectedKey: 'c' });
    expect(after('j<return>hhh')).toMatchObject({ pane: 'detail', selectedKey: 'a' });
    expect(after('j<return><escape>')).toMatchObject({ pane: 'list', selectedKey: 'b' });
  });

  it('scroll no further than there is text', () => {
    expect(after('?<down>').scroll).toBe(1);
    expect(after('?<end><pagedown>').scroll).toBe(3);
    expect(after('?<up>').scroll).toBe(0);
    expect(after('?G?').pane).toBe('list');
  });

  it('t shows the timeline of all rows, in the detail that of its row; Esc goes back to where it was', () => {
    const t = { kind: 'text', text: 't' } as const;
    expect(press(after('j'), t, context)).toMatchObject({ state: { pane: 'timeline' }, wish: 'timeline' });
    expect(after('jt').timelineOf).toBeUndefined();
    expect(after('jt<escape>')).toMatchObject({ pane: 'list', selectedKey: 'b' });
    expect(after('j<return>t')).toMatchObject({ pane: 'timeline', timelineOf: 'b' });
    expect(after('j<return>t<escape>')).toMatchObject({ pane: 'detail', selectedKey: 'b' });
  });

  it('n shows the open notices, a acknowledges the one at the cursor', () => {
    expect(after('n')).toMatchObject({ pane: 'notices', noticeIndex: 0 });
    expect(after('njjjj').noticeIndex).toBe(2);
    expect(after('njjk').noticeIndex).toBe(1);
    expect(press(after('n'), { kind: 'text', text: 'a' }, context).wish).toBe('acknowledge');
    expect(press(firstView, { kind: 'text', text: 'a' }, context).wish).toBeUndefined();
    expect(after('n<escape>').pane).toBe('list');
  });

  it('nothing opens where no row is', () => {
    const { state } = press(firstView, named('return'), { ...context, keys: listed() });
    expect(state.pane).toBe('list');
  });
});

describe('the cursor', () => {
  it('follows its row, and stays where that was when it goes', () => {
    const state = after('jj');
    expect(selectedIndexOf(state, listed('c', 'a', 'b'))).toBe(0);
    expect(selectedIndexOf(state, listed('a', 'b', 'd', 'e'))).toBe(2);
    expect(selectedIndexOf(state, listed('a'))).toBe(0);
    expect(selectedIndexOf(state, listed())).toBe(-1);
  });

  it('is always visible, and no line below the last row stays empty', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.nat(50),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(60),
        (count, at, pageRows, top) => {
          const selected = Math.min(at, count - 1);
          const first = topFor({ top, selected, count, pageRows });
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first).toBeLessThanOrEqual(Math.max(0, count - pageRows));
          if (count > 0) expect(selected - first).toBeGreaterThanOrEqual(0);
          expect(selected - first).toBeLessThan(pageRows);
        },
      ),
    );
  });
});
