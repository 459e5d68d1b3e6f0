import { type ChosenOrder, sortKeys } from '../../viewer/index.ts';
import type { Key } from './key.ts';

/** What is shown, and where the cursor is. Rows are not part of it: they come from the roster. */
export interface ViewState {
  readonly pane: 'list' | 'filter' | 'detail' | 'timeline' | 'notices' | 'help';
  readonly order: ChosenOrder;
  readonly filter: string;
  /** Viewers and who is gone today are listed too. */
  readonly unfolded: boolean;
  /** What the filter was before the person began to type; Esc brings it back. */
  readonly formerFilter: string;
  /** Key of the row at the cursor. */
  readonly selectedKey?: string | undefined;
  /** Key of the row whose timeline is shown; undefined for that of all rows. */
  readonly timelineOf?: string | undefined;
  /** Where that row was; the cursor stays there when the row goes. */
  readonly selectedIndex: number;
  /** Which open notice is at the cursor, in its pane. */
  readonly noticeIndex: number;
  /** First row that is shown in the list. */
  readonly top: number;
  /** First line that is shown in the detail and help panes. */
  readonly scroll: number;
}

/** The rows of the list, in order, by their keys. */
export interface ListedKeys {
  readonly count: number;
  keyAt(index: number): string | undefined;
  /** -1 when it is not in the list. */
  indexOf(key: string): number;
}

/** No rows. */
export const noKeys: ListedKeys = { count: 0, keyAt: () => undefined, indexOf: () => -1 };

/** What the effect of a key press depends on. */
export interface ViewContext {
  readonly keys: ListedKeys;
  /** Rows that the list can show at once. */
  readonly pageRows: number;
  /** Open notices. */
  readonly noticeCount: number;
  /** How far the detail or help pane can be scrolled. */
  readonly scrollMax: number;
}

/** An action beyond a change of the view. */
export type ViewWish = 'quit' | 'retry' | 'redraw' | 'copy' | 'timeline' | 'acknowledge';

/** The view after a key press. */
export interface Pressed {
  readonly state: ViewState;
  readonly wish?: ViewWish;
}

/** The view at the start: all rows, by name. */
export const firstView: ViewState = {
  pane: 'list',
  order: { by: 'name', descending: false },
  filter: '',
  unfolded: false,
  formerFilter: '',
  selectedIndex: 0,
  noticeIndex: 0,
  top: 0,
  scroll: 0,
};

/** The view after a key. */
export function press(state: ViewState, key: Key, context: ViewContext): Pressed {
  if (key.kind === 'named' && key.name === 'interrupt') return { state, wish: 'quit' };
  if (key.kind === 'named' && key.name === 'redraw') return { state, wish: 'redraw' };
  if (state.pane === 'filter') return { state: typeFilter(state, key, context) };
  if (key.kind === 'text') return command(state, key.text, context);
  if (state.pane !== 'list') return { state: readOn(state, key.name, context) };
  return { state: moveOn(state, key.name, context) };
}

/** Where the cursor is: on its row, or where that row was. -1 without rows. */
export function selectedIndexOf(state: ViewState, keys: ListedKeys): number {
  const index = state.selectedKey === undefined ? -1 : keys.indexOf(state.selectedKey);
  return index === -1 ? Math.min(state.selectedIndex, keys.count - 1) : index;
}

/** The first row to show so that the cursor is visible, moved as little as possible. */
export function topFor(options: {
  readonly top: number;
  readonly selected: number;
  readonly count: number;
  readonly pageRows: number;
  /** Sections have a line of their own above their rows, the first visible one as well. */
  readonly spans?: readonly { readonly from: number; readonly count: number }[];
}): number {
  const { selected, count, pageRows, spans = [] } = options;
  const linesOf = (from: number, until: number): number => {
    const names = spans.filter((span) => span.from <= until && span.from + span.count > from).length;
    return until - from + 1 + names;
  };
  const cursor = Math.max(selected, 0);
  let top = Math.min(Math.max(options.top, cursor - pageRows + 1, 0), cursor);
  while (top < cursor && linesOf(top, cursor) > pageRows) top += 1;
  // No line stays empty below the last row.
  while (top > 0 && linesOf(top - 1, count - 1) <= pageRows) top -= 1;
  return top;
}

function select(state: ViewState, index: number, { keys }: ViewContext): ViewState {
  const selectedIndex = Math.max(0, Math.min(index, keys.count - 1));
  return { ...state, selectedIndex, selectedKey: keys.keyAt(selectedIndex), scroll: 0 };
}

function command(state: ViewState, text: string, context: ViewContext): Pressed {
  const { order } = state;
  switch (text) {
    case 'q':
      return { state, wish: 'quit' };
    case 'r':
      return { state, wish: 'retry' };
    case 's':
      return { state: { ...state, order: { by: nextSort(order.by), descending: false } } };
    case 'S':
      return { state: { ...state, order: { ...order, descending: !order.descending } } };
    case 'y':
      return { state, wish: 'copy' };
    case 't':
      return openTimeline(state, context);
    case 'n':
      return { state: { ...state, pane: state.pane === 'notices' ? 'list' : 'notices', scroll: 0 } };
    case 'v':
      return { state: { ...state, unfolded: !state.unfolded } };
    case 'a':
      return state.pane === 'notices' ? { state, wish: 'acknowledge' } : { state };
    case '/':
      return { state: { ...state, pane: 'filter', formerFilter: state.filter } };
    case '?':
      return { state: { ...state, pane: state.pane === 'help' ? 'list' : 'help', scroll: 0 } };
    default: {
      const name = letterKeys[text];
      return name === undefined ? { state } : press(state, { kind: 'named', name }, context);
    }
  }
}

/** The timeline of all rows from the list, that of one row from its detail. */
function openTimeline(state: ViewState, context: ViewContext): Pressed {
  if (state.pane === 'timeline') return { state: { ...state, pane: 'list', scroll: 0 } };
  if (state.pane === 'detail')
    return {
      state: { ...state, pane: 'timeline', scroll: 0, timelineOf: state.selectedKey },
      wish: 'timeline',
    };
  const chosen = select(state, selectedIndexOf(state, context.keys), context);
  return { state: { ...chosen, pane: 'timeline', timelineOf: undefined }, wish: 'timeline' };
}

function nextSort(by: ChosenOrder['by']): ChosenOrder['by'] {
  return sortKeys[(sortKeys.indexOf(by) + 1) % sortKeys.length] ?? 'name';
}

const letterKeys: Readonly<Record<string, Extract<Key, { kind: 'named' }>['name']>> = {
  j: 'down',
  k: 'up',
  h: 'left',
  l: 'right',
  g: 'home',
  G: 'end',
  ' ': 'pagedown',
};

type KeyName = Extract<Key, { kind: 'named' }>['name'];

function moveOn(state: ViewState, name: KeyName, context: ViewContext): ViewState {
  const selected = selectedIndexOf(state, context.keys);
  if (name === 'return') {
    const chosen = select(state, selected, context);
    return chosen.selectedKey === undefined ? state : { ...chosen, pane: 'detail' };
  }
  if (name === 'escape') return { ...state, filter: '' };
  const step = stepOf(name, context.pageRows, context.keys.count);
  return step === 0 ? state : select(state, selected + step, context);
}

/** The panes that are scrolled: detail, timeline, notices and help. */
function readOn(state: ViewState, name: KeyName, context: ViewContext): ViewState {
  if (name === 'escape' || name === 'return' || name === 'backspace') {
    const pane = state.pane === 'timeline' && state.timelineOf !== undefined ? 'detail' : 'list';
    return { ...state, pane, scroll: 0 };
  }
  if (state.pane === 'notices') {
    const to = state.noticeIndex + stepOf(name, context.pageRows, context.noticeCount);
    return { ...state, noticeIndex: Math.max(0, Math.min(to, context.noticeCount - 1)) };
  }
  if (state.pane === 'detail' && (name === 'left' || name === 'right'))
    return select(state, selectedIndexOf(state, context.keys) + (name === 'left' ? -1 : 1), context);
  const step = stepOf(name, context.pageRows, context.scrollMax);
  return { ...state, scroll: Math.max(0, Math.min(state.scroll + step, context.scrollMax)) };
}

function stepOf(name: KeyName, page: number, all: number): number {
  const steps: Partial<Record<KeyName, number>> = {
    up: -1,
    down: 1,
    pageup: -page,
    pagedown: page,
    home: -all,
    end: all,
  };
  return steps[name] ?? 0;
}

function typeFilter(state: ViewState, key: Key, context: ViewContext): ViewState {
  if (key.kind === 'text') return { ...state, filter: state.filter + key.text };
  switch (key.name) {
    case 'backspace':
      return state.filter === ''
        ? { ...state, pane: 'list' }
        : { ...state, filter: [...state.filter].slice(0, -1).join('') };
    case 'clear':
      return { ...state, filter: '' };
    case 'return':
      return { ...state, pane: 'list' };
    case 'escape':
      return { ...state, pane: 'list', filter: state.formerFilter };
    case 'up':
    case 'down':
      return moveOn(state, key.name, context);
    default:
      return state;
  }
}
