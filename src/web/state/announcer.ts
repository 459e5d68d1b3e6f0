import { type ReadonlySignal, signal } from '@preact/signals';

/** Announces texts to screen readers (`aria-live="polite"`). */
export interface Announcer {
  /** Text of the live region. */
  readonly text: ReadonlySignal<string>;
  announce(text: string): void;
}

/** Makes an announcer without a text. */
export function createAnnouncer(): Announcer {
  const text = signal('');
  return {
    text,
    announce(next) {
      text.value = next;
    },
  };
}
