// A Node service that is listed at the gateway and reads who else is: every worker of the same kind shares the work.
//
//   ROLLCALL_URL=ws://127.0.0.1:18789 ROLLCALL_TOKEN=… node examples/node-service.mjs
import { createPresenceClient } from 'rollcall/client';
import { fileStore } from 'rollcall/client/node';

const name = process.env.WORKER_NAME ?? 'worker-1';

const client = createPresenceClient({
  url: process.env.ROLLCALL_URL ?? 'ws://127.0.0.1:18789',
  token: process.env.ROLLCALL_TOKEN,
  client: { mode: 'worker', displayName: name, version: '1.0.0' },
  // Keeps the instanceId: a worker that starts again is the same row.
  store: fileStore({ name }),
});

// The worker reports its load with every beacon, once a minute, and whenever it changes.
const report = () => client.beacon({ tags: ['orders'], reason: 'periodic', text: `${name}: 0 orders open` });

/** The live workers in an order on which all of them agree. */
const workers = () =>
  client.roster.instances
    .filter(({ mode, connections = 1 }) => mode === 'worker' && connections > 0)
    .map(({ host }) => host)
    .sort();

let said = '';
client.subscribe(() => {
  const { state, roster } = client;
  if (state.phase === 'refused') {
    console.error(`${state.reason}. ${state.whatToDo}`);
    process.exitCode = 1;
  }
  // While the connection is lost the roster is not live: keep the shares as they were.
  if (!roster.live) return;
  const share = `share ${workers().indexOf(name) + 1} of ${workers().length}`;
  if (share !== said) console.log(share);
  said = share;
});

client.start();
const minute = setInterval(report, 60_000);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    clearInterval(minute);
    client.stop();
  });
}
