/** Shows notifications of the desktop. */
export interface Desktop {
  /** Requests permission when it is undecided; false when the person or the browser denies it. */
  allow(): Promise<boolean>;
  /** Shows one; a later one with the same `tag` takes its place. Does nothing without permission. */
  show(title: string, tag: string): void;
}

/** Notifications of this browser, where it supports them. */
export function desktopOf({ Notification: Notifications, location }: Window & typeof globalThis): Desktop {
  const icon = new URL('icon-192.png', location.href).href;
  return {
    async allow() {
      // Pages that were loaded by plain HTTP have no notifications.
      return Notifications !== undefined && (await Notifications.requestPermission()) === 'granted';
    },
    show(title, tag) {
      if (Notifications?.permission === 'granted') new Notifications(title, { tag, icon });
    },
  };
}
