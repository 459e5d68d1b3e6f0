/** Shows notifications of the desktop. */
export interface Desktop {
  /** Asks the person when they have not said yet; false when they or the browser do not want it. */
  allow(): Promise<boolean>;
  /** Shows one; a later one with the same `tag` takes its place. Does nothing without permission. */
  show(title: string, tag: string): void;
}

/** Notifications of the browser in which the page is, where it has any. */
export function desktopOf({ Notification: Notifications, location }: Window & typeof globalThis): Desktop {
  const icon = new URL('icon-192.png', location.href).href;
  return {
    async allow() {
      // Pages that were loaded by plain HTTP have none.
      return Notifications !== undefined && (await Notifications.requestPermission()) === 'granted';
    },
    show(title, tag) {
      if (Notifications?.permission === 'granted') new Notifications(title, { tag, icon });
    },
  };
}
