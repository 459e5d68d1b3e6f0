import { type ReadonlySignal, signal } from '@preact/signals';

/** Tells people who do not see the page, politely. */
export interface Announcer {
  /** What the live region says. */
  readonly text: ReadonlySignal<string>;
  announce(text: string): void;
}

/** Makes an announcer that has said nothing yet. */
export function createAnnouncer(): Announcer {
  const text = signal('');
  return {
    text,
    announce(next) {
      text.value = next;
    },
  };
}
