import { type ReadonlySignal, signal } from '@preact/signals';
import { readViewState, type ViewState, writeViewState } from './view-state.ts';

/** The view, kept in the address of the page. */
export interface ViewAddress {
  readonly view: ReadonlySignal<ViewState>;
  /** Changes the view and the address; opening and closing details makes a step that the back button undoes. */
  update(change: Partial<ViewState>): void;
  close(): void;
}

/** What is used of a window. */
export type AddressWindow = Pick<Window, 'history' | 'location' | 'addEventListener' | 'removeEventListener'>;

/** Binds the view to the address of `window`. */
export function createViewAddress(window: AddressWindow): ViewAddress {
  const view = signal(readViewState(window.location.search));
  const read = (): void => {
    view.value = readViewState(window.location.search);
  };
  window.addEventListener('popstate', read);
  return {
    view,
    update(change) {
      const next = { ...view.peek(), ...change };
      const isStep = (next.instance === undefined) !== (view.peek().instance === undefined);
      view.value = next;
      const address = `${window.location.pathname}${writeViewState(next)}`;
      if (isStep) window.history.pushState(null, '', address);
      else window.history.replaceState(null, '', address);
    },
    close: () => window.removeEventListener('popstate', read),
  };
}
