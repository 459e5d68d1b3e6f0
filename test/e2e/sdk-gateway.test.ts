import { expect, it } from 'vitest';
import { loadDeviceIdentity as loadInPage } from '../../src/client/device-identity.ts';
import { createPresenceClient, memoryStore } from '../../src/client/index.ts';
import { loadDeviceIdentity, wsSocket } from '../../src/client/node/index.ts';
import { createGateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { until } from '../harness/until.ts';
import { type StartPeer, sdkSuite } from './sdk-suite.ts';

assertEveryFrame();

/** Our own gateway as a peer of the suite. */
const startGateway: StartPeer = async ({ port = 0 }) => {
  const gateway = createGateway({ port, auth: { mode: 'token', token: 'secret' } });
  const { url } = await gateway.start();
  return { url, port: Number(new URL(url).port), close: () => gateway.close() };
};

sdkSuite('our gateway with deltas', 'delta', startGateway);
sdkSuite('our gateway with full lists', 'list', startGateway, { fullLists: true });

it.each([
  ['node:crypto', loadDeviceIdentity],
  ['WebCrypto', loadInPage],
])('[PA3] [PK8] a device that signs by %s keeps its row over a new instanceId', async (_, load) => {
  const { url, close } = await startGateway({});
  const device = await load(memoryStore());
  const pageLoad = async (instanceId: string) => {
    const client = createPresenceClient({
      url,
      token: 'secret',
      createSocket: wsSocket(),
      device,
      client: { instanceId, mode: 'webchat', platform: ' Web ' },
    });
    client.start();
    await until(client, (c) => c.get(instanceId) !== undefined);
    return client;
  };
  const first = await pageLoad('load-1');
  expect(first.get('load-1')).toMatchObject({ deviceId: device.deviceId });
  first.stop();
  const second = await pageLoad('load-2');
  await until(second, (c) => c.roster.instances.length === 2);
  expect(second.get('load-1')).toBeUndefined();
  second.stop();
  await close();
});
