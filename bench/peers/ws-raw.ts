import { peerArguments } from './peer-arguments.ts';
import { serveWs } from './ws-server.ts';

/** As long as the hello of a gateway: about two kilobytes. */
const PADDING = 'x'.repeat(2_000);

/** The lower bound: accepts, sends hellos, acknowledges, answers lists from a cached string, and publishes no change. */
serveWs(peerArguments().port, (store) => ({
  hello: () => `{"t":"hello","v":${store.version},"rows":[],"padding":"${PADDING}"}`,
  changed: () => {},
}));
