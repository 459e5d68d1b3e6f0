import type { Client } from './client.ts';
import type { Crowd } from './crowd.ts';
import type { BeaconFacts } from './facts.ts';
import { beaconCount, rowIndex } from './facts.ts';

/**
 * Makes one last change, waits until every watcher was told of it in full, and compares every view with the server's
 * list. Throws with the first difference.
 */
export async function finale(crowd: Crowd, sender: Client, facts: BeaconFacts): Promise<void> {
  const watchers = crowd.clients.filter((client) => client.part.watch !== 'none');
  for (const client of watchers) client.keepWhole(true);
  const told = everyoneTold(crowd, new Set(watchers), facts);
  sender.beacon([{ id: 0, facts }]);
  await crowd.unlessBroken(told, 'every watcher sees the last change');
  await crowd.verify();
}

function everyoneTold(crowd: Crowd, waiting: Set<Client>, facts: BeaconFacts): Promise<void> {
  const row = rowIndex(facts.instanceId);
  const count = beaconCount(facts.text);
  return new Promise((resolve) => {
    if (waiting.size === 0) resolve();
    crowd.onNews = (client, step) => {
      if (step?.marks.some((mark) => mark.row === row && mark.count >= count)) waiting.delete(client);
      if (waiting.size === 0) resolve();
    };
  });
}
