import type { Client } from './client.ts';
import type { ClientGroup } from './client-group.ts';
import type { BeaconFacts } from './facts.ts';
import { beaconCount, rowIndex } from './facts.ts';

/**
 * Makes one last change, waits until every watcher received it in full, and compares every view with the server's
 * list. Throws with the first difference.
 */
export async function verifyViews(group: ClientGroup, sender: Client, facts: BeaconFacts): Promise<void> {
  const watchers = group.clients.filter((client) => client.part.watch !== 'none');
  for (const client of watchers) client.keepWhole(true);
  const received = everyoneReceived(group, new Set(watchers), facts);
  sender.beacon([{ id: 0, facts }]);
  await group.unlessBroken(received, 'every watcher sees the last change');
  await group.verify();
}

function everyoneReceived(group: ClientGroup, waiting: Set<Client>, facts: BeaconFacts): Promise<void> {
  const row = rowIndex(facts.instanceId);
  const count = beaconCount(facts.text);
  return new Promise((resolve) => {
    if (waiting.size === 0) resolve();
    group.onStep = (client, step) => {
      if (step?.marks.some((mark) => mark.row === row && mark.count >= count)) waiting.delete(client);
      if (waiting.size === 0) resolve();
    };
  });
}
