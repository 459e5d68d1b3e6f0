import { type ReadonlySignal, signal } from '@preact/signals';
import type { ListItem } from './sections.ts';

/** Which line of the list the keyboard is at. */
export interface RowFocus {
  /** The line that Tab leads to; undefined before the list was entered. */
  readonly key: ReadonlySignal<string | undefined>;
  /** Counts the wishes to put the focus on that line. */
  readonly wishes: ReadonlySignal<number>;
  /** The focus came to a line by itself. */
  readonly arrived: (key: string) => void;
  /** Wishes the focus on a line. */
  to(key: string): void;
  /** Wishes the focus so many lines further; on the first line when the list was not entered yet. */
  move(by: number): void;
}

/** Makes the focus of a list. */
export function createRowFocus(items: ReadonlySignal<readonly ListItem[]>): RowFocus {
  const key = signal<string | undefined>(undefined);
  const wishes = signal(0);
  const to = (next: string): void => {
    key.value = next;
    wishes.value += 1;
  };
  return {
    key,
    wishes,
    arrived: (next) => {
      key.value = next;
    },
    to,
    move(by) {
      const lines = items.peek();
      const at = lines.findIndex((line) => line.key === key.peek());
      const next = at === -1 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by));
      const line = lines[next];
      if (line !== undefined) to(line.key);
    },
  };
}
