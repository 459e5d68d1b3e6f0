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
