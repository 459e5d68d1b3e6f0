import { afterEach, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { createPresenceClient, type InstanceChange, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { createCommandHome, type RollcallProcess, startRollcall } from '../harness/rollcall-process.ts';
import { until } from '../harness/until.ts';

const clientCount = 200;
const returnMs = 5_000;
const ids = Array.from({ length: clientCount }, (_, index) => `client-${index}`);
const home = createCommandHome();
const clients: PresenceClient[] = [];
let gateway: RollcallProcess;

afterEach(async () => {
  for (const client of clients) client.stop();
  gateway.kill('SIGKILL');
  await gateway.ended;
  home.remove();
});

/** Starts the gateway as its own process and waits until it listens. */
async function startGateway(port: number): Promise<void> {
  const args = ['gateway', '--port', String(port), '--max-entries', '300', '--log-level', 'silent'];
  gateway = startRollcall(args, { ...home.env, ROLLCALL_TOKEN: 'secret' });
  await gateway.printed(`:${port}`);
}

const seesEverybody = ({ roster }: PresenceClient) => {
  const keys = roster.instances.map(({ key }) => key);
  return roster.live && keys.length === clientCount + 1 && ids.every((id) => keys.includes(id));
};

it('[PE3] [PK6] kill -9 of the gateway: 200 clients are back within 5 s of its return, one row each, and no one saw a leave', async () => {
  const port = await freePort();
  await startGateway(port);
  for (const instanceId of ids) {
    const client = createPresenceClient({
      url: `ws://127.0.0.1:${port}`,
      token: 'secret',
      createSocket: wsSocket(),
      client: { instanceId, mode: 'ui' },
    });
    client.start();
    clients.push(client);
  }
  for (const client of clients) await until(client, seesEverybody);
  const leaves: InstanceChange[] = [];
  for (const client of clients) collectLeaves(client, leaves);

  gateway.kill('SIGKILL');
  await gateway.ended;
  for (const client of clients) await until(client, ({ state }) => state.phase === 'reconnecting');
  await startGateway(port);
  const returned = performance.now();
  for (const client of clients) await until(client, ({ state }) => state.phase === 'connected');
  expect(performance.now() - returned).toBeLessThan(returnMs);
  for (const client of clients) await until(client, seesEverybody);
  expect(leaves).toEqual([]);
});

/** Reads the leaves that a client sees into `into` until it stops. */
async function collectLeaves(client: PresenceClient, into: InstanceChange[]): Promise<void> {
  for await (const change of client.changes()) if (change.kind === 'leave') into.push(change);
}
