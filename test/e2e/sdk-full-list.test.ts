import { expect, it } from 'vitest';
import { createPresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { startFullListPeer } from '../harness/full-list-peer.ts';
import { until } from '../harness/until.ts';
import { sdkSuite } from './sdk-suite.ts';

sdkSuite('a gateway that sends only full lists', 'list', (options) => startFullListPeer(options));

it('rows that a gateway with full lists pruned without an event are removed after the next gap', async () => {
  const peer = await startFullListPeer();
  const createSocket = wsSocket();
  const [a, b] = ['a', 'b'].map((instanceId) => {
    const client = { instanceId, displayName: instanceId, mode: 'ui' };
    return createPresenceClient({ url: peer.url, token: 'secret', createSocket, client });
  });
  if (!a || !b) throw new TypeError('two clients are needed');
  a.start();
  b.start();
  await until(a, (client) => client.get('b') !== undefined);
  b.stop();
  await until(a, (client) => client.get('b')?.reason === 'disconnect');
  peer.pruneSilently('b');
  peer.tick();
  await until(a, (client) => client.roster.live);
  expect(a.get('b')).toBeDefined();
  peer.skipSeq();
  peer.tick();
  await until(a, (client) => client.get('b') === undefined);
  expect(a.get('a')).toBeDefined();
  a.stop();
  await peer.close();
});
