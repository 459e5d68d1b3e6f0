import type { Figures } from '../job.ts';
import type { Client } from '../load/client.ts';
import { listedRows } from '../load/client.ts';
import { ClientGroup } from '../load/client-group.ts';
import { startPhase } from '../load/phase.ts';
import { Producers } from '../load/producers.ts';
import { SentBeacons } from '../load/sent-beacons.ts';
import { difference } from '../load/view.ts';
import { cpuMetrics, type Run, type Scenario } from './scenario.ts';

const CLIENTS = 8;
const IN_FLIGHT = 64;

/** Clients that poll. */
export const list: Scenario = {
  name: 'list',
  title: 'List RPC',
  about: `${CLIENTS} connections ask for the list, ${IN_FLIGHT} requests in flight; nothing changes meanwhile.`,
  sizeUnit: 'rows',
  sizes: [200],
  quickSizes: [50],
  contenders: ['ws-raw', 'socketio-diff', 'openclaw', 'rollcall-full'],
  baseline: 'ws-raw',
  metrics: [
    { key: 'listsPerSecond', label: 'lists', unit: '/s', better: 'more' },
    { key: 'listsPerCpuSecond', label: 'lists per server CPU second', unit: '', better: 'more' },
    { key: 'kilobytesPerList', label: 'size', unit: 'kB', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: size + 100 }),
  run,
};

async function run({ size, quick, contender, server }: Run): Promise<Figures> {
  const group = new ClientGroup(contender, server);
  const clients = await group.open({
    count: CLIENTS,
    listed: false,
    watch: () => 'full',
    isSampler: () => true,
  });
  const producers = new Producers(group, clients.slice(0, 1), new SentBeacons(size));
  await producers.run({ inFlight: 32, goOn: (sent) => sent < size });
  await ask(group, clients, quick ? 100 : 1_000);
  const end = startPhase(server.pid);
  const asked = await ask(group, clients, quick ? 300 : 4_000);
  const cost = end();
  await compareAnswers(group, clients, size);
  group.close();
  return {
    ...cost,
    listsPerSecond: asked.lists / cost.seconds,
    listsPerCpuSecond: asked.lists / cost.serverCpuSeconds,
    kilobytesPerList: asked.bytes / asked.lists / 1_000,
  };
}

/** Keeps every client's share of the requests in flight for a while. */
async function ask(
  group: ClientGroup,
  clients: readonly Client[],
  forMs: number,
): Promise<{ lists: number; bytes: number }> {
  const untilMs = performance.now() + forMs;
  for (const client of clients) client.keepWhole(false);
  const asked = { lists: 0, bytes: 0 };
  const loops = clients.map((client) => askInTurn(client, IN_FLIGHT / clients.length, untilMs, asked));
  await group.unlessBroken(Promise.all(loops), 'every list is answered');
  return asked;
}

function askInTurn(
  client: Client,
  inFlight: number,
  untilMs: number,
  asked: { lists: number; bytes: number },
): Promise<void> {
  let open = inFlight;
  return new Promise((resolve) => {
    const answered = (bytes: number) => {
      asked.lists++;
      asked.bytes += bytes;
      if (performance.now() < untilMs) return client.requestLists(1, answered);
      open--;
      if (open === 0) resolve();
    };
    client.requestLists(inFlight, answered);
  });
}

async function compareAnswers(group: ClientGroup, clients: readonly Client[], rows: number): Promise<void> {
  const answers = clients.map((client) =>
    group.unlessBroken(client.list('full'), 'the last list is answered'),
  );
  const lists = (await Promise.all(answers)).map((answer) => listedRows(group.dialect, answer));
  const [first] = lists;
  if (!first || first.size < rows) throw new Error(`a list of ${first?.size} rows where ${rows} were seeded`);
  const different = lists.map((one) => difference(one, first)).find((found) => found !== undefined);
  if (different) throw new Error(`two clients were answered different lists: ${different}`);
}
