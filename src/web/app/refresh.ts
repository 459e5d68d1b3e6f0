import type { Board } from './board.ts';
import type { Page } from './page.ts';

/**
 * What `r` does: shows everything that waits, in order, and makes sure of the connection.
 *
 * A lost connection is tried at once. A live one needs no new list, since deltas keep it in step; a short request proves that it
 * is alive.
 */
export async function refresh({ announcer, language }: Page, { client, list, watch }: Board): Promise<void> {
  watch.resume();
  list.sortNow();
  if (client.state.phase === 'reconnecting') {
    client.stop();
    client.start();
    return;
  }
  if (client.state.phase !== 'connected') return;
  try {
    await client.request('health');
    const time = language.formats.peek().timeOfDay(client.serverNowMs());
    announcer.say(language.messages.peek().upToDate(time));
  } catch {
    client.stop();
    client.start();
  }
}
