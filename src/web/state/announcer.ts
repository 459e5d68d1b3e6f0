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

/** Shows notifications of the desktop. */
export interface Desktop {
  /** Asks the person when they have not said yet; false when they or the browser do not want it. */
  allow(): Promise<boolean>;
  /** Shows one; a later one with the same `tag` takes its place. Does nothing without permission. */
  show(title: string, tag: string): void;
}

/** Notifications of the browser, where it has any. */
export function browserDesktop(Notifications: typeof Notification | undefined, icon: string): Desktop {
  return {
    async allow() {
      if (Notifications === undefined) return false;
      return (await Notifications.requestPermission()) === 'granted';
    },
    show(title, tag) {
      if (Notifications?.permission === 'granted') new Notifications(title, { tag, icon });
    },
  };
}
