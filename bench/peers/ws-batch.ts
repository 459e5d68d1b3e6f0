import { peerArguments } from './peer-arguments.ts';
import { textFrame } from './text-frame.ts';
import { serveWs } from './ws-server.ts';

/** Small delta frames, framed once, joined per turn of the event loop: one write per client and turn. */
serveWs(peerArguments().port, (store, watchers) => {
  let frames: Buffer[] = [];
  const flush = () => {
    const batch = Buffer.concat(frames);
    frames = [];
    for (const { socket } of watchers) socket.write(batch);
  };
  return {
    hello: () => `{"t":"hello","v":${store.version},"rows":${store.rowsJson()}}`,
    changed: (instanceId, row) => {
      if (frames.length === 0) setImmediate(flush);
      const change = row
        ? `"upsert":[${JSON.stringify(row)}],"remove":[]`
        : `"upsert":[],"remove":["${instanceId}"]`;
      frames.push(textFrame(`{"t":"delta","from":${store.version - 1},"to":${store.version},${change}}`));
    },
  };
});
