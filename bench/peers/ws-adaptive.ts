import { peerArguments } from './peer-arguments.ts';
import { textFrame } from './text-frame.ts';
import { serveWs } from './ws-server.ts';

const LONGEST_WINDOW_MS = 250;

/**
 * Full lists in adaptive flushes: the list is serialized and framed once per flush, the frame is shared by all watchers,
 * and the next flush waits about as long as the last one took.
 */
serveWs(peerArguments().port, (store, watchers) => {
  let pending = false;
  let windowMs = 0;
  const pass = () => {
    const startedAt = performance.now();
    pending = false;
    const frame = textFrame(`{"t":"list","v":${store.version},"rows":${JSON.stringify(store.rows())}}`);
    for (const { socket } of watchers) socket.write(frame);
    windowMs = Math.min(performance.now() - startedAt, LONGEST_WINDOW_MS);
  };
  return {
    hello: () => `{"t":"hello","v":${store.version},"rows":${store.rowsJson()}}`,
    changed: () => {
      if (pending) return;
      pending = true;
      if (windowMs < 1) setImmediate(pass);
      else setTimeout(pass, windowMs);
    },
  };
});
