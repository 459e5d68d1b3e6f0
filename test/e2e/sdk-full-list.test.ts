import { startFullListPeer } from '../harness/full-list-peer.ts';
import { sdkSuite } from './sdk-suite.ts';

sdkSuite('a gateway that sends only full lists', 'list', (options) => startFullListPeer(options));
