import { type ReadonlySignal, signal } from '@preact/signals';
import type { ListItem } from './sections.ts';

/** Keyboard focus in the list. */
export interface RowFocus {
  /** The line that Tab focuses; undefined before the list was entered. */
  readonly key: ReadonlySignal<string | undefined>;
  /** Number of requests to focus that line. */
  readonly wishes: ReadonlySignal<number>;
  /** Records that the browser focused a line. */
  readonly arrived: (key: string) => void;
  /** Requests the focus on a line. */
  to(key: string): void;
  /** Requests the focus a number of lines further; on the first line when the list was not entered yet. */
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
