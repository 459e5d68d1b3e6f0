import type { Figures } from '../job.ts';
import { ClientGroup } from '../load/client-group.ts';
import { restingMebibytes } from '../load/resting-memory.ts';
import type { Run, Scenario } from './scenario.ts';

const WARM_UP_CLIENTS = 200;
const KIB_PER_MIB = 1024;

/** Silent connections. */
export const idle: Scenario = {
  name: 'idle',
  title: 'Idle memory',
  about:
    'Connections with a row each without changes; resident memory before and after, garbage collected both ' +
    `times, ${WARM_UP_CLIENTS} connections before that for warming up.`,
  sizeUnit: 'connections',
  sizes: [10_000],
  quickSizes: [300],
  contenders: ['ws-raw', 'socketio-diff', 'openclaw', 'rollcall'],
  baseline: 'ws-raw',
  metrics: [
    { key: 'kibibytesPerConnection', label: 'per connection', unit: 'KiB', better: 'less' },
    { key: 'totalMebibytes', label: 'in all', unit: 'MiB', better: 'less' },
    { key: 'beforeMebibytes', label: 'before', unit: 'MiB', better: 'less' },
  ],
  needs: (size) => ({ maxEntries: size + WARM_UP_CLIENTS + 100, collectsGarbage: true }),
  run,
};

async function run({ size, quick, contender, server }: Run): Promise<Figures> {
  const group = new ClientGroup(contender, server);
  await group.open({ count: WARM_UP_CLIENTS, listed: true, watch: () => 'none' });
  const beforeMebibytes = await restingMebibytes(server.pid, quick);
  await group.open({ count: size, firstIndex: WARM_UP_CLIENTS, listed: true, watch: () => 'none' });
  const totalMebibytes = await group.unlessBroken(restingMebibytes(server.pid, quick), 'memory is measured');
  group.close();
  const kibibytesPerConnection = ((totalMebibytes - beforeMebibytes) * KIB_PER_MIB) / size;
  return { kibibytesPerConnection, totalMebibytes, beforeMebibytes };
}
