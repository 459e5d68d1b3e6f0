import type { PresenceClient } from '../../src/client/index.ts';

/** Waits until `holds` is true of the client, looking after each of its changes. The limit of the test is the limit here. */
export function until(client: PresenceClient, holds: (client: PresenceClient) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds(client)) return;
      stop();
      resolve();
    };
    const stop = client.subscribe(look);
    look();
  });
}
