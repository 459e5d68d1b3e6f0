import type { PresenceClient } from '../../src/client/index.ts';

/** Waits until `holds` is true of the client, checking after each of its changes. The time limit is that of the test. */
export function until(client: PresenceClient, holds: (client: PresenceClient) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(client)) return;
      stop();
      resolve();
    };
    const stop = client.subscribe(check);
    check();
  });
}
