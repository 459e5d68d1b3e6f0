import { peerArguments } from './peer-arguments.ts';
import { serveWs } from './ws-server.ts';

/** As long as the hello of a gateway: about two kilobytes. */
const PADDING = 'x'.repeat(2_000);

/** The floor: accepts, greets, acknowledges, answers lists from a cached string, and tells nobody of a change. */
serveWs(peerArguments().port, (store) => ({
  hello: () => `{"t":"hello","v":${store.version},"rows":[],"padding":"${PADDING}"}`,
  changed: () => {},
}));
