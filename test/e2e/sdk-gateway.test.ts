import { createGateway } from '../../src/gateway/index.ts';
import { type StartPeer, sdkSuite } from './sdk-suite.ts';

/** Our own gateway as a peer of the suite. */
const startGateway: StartPeer = async ({ port = 0 }) => {
  const gateway = createGateway({ port, auth: { mode: 'token', token: 'secret' } });
  const { url } = await gateway.start();
  return { url, port: Number(new URL(url).port), close: () => gateway.close() };
};

sdkSuite('our gateway with deltas', 'delta', startGateway);
sdkSuite('our gateway with full lists', 'list', startGateway, { fullLists: true });
