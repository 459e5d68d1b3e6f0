import type { Figures } from '../job.ts';
import { ClientGroup, watchOf } from '../load/client-group.ts';
import { Completion, settled } from '../load/completion.ts';
import { beaconFacts } from '../load/facts.ts';
import { startPhase } from '../load/phase.ts';
import { verifyViews } from '../load/verify-views.ts';
import { peakResidentBytes } from '../runner/process-usage.ts';
import { cpuMetrics, type Run, type Scenario } from './scenario.ts';

const SAMPLERS = 4;
const QUIET_MS = 2_000;
const MIB = 2 ** 20;

/** All clients connect at once, and each must list all others. */
export const storm: Scenario = {
  name: 'storm',
  title: 'Connect storm',
  about:
    'All clients connect at once, each with a row of its own; the clock stops when the last client knows every row. ' +
    'Raw `ws` without broadcast stops at the last hello.',
  sizeUnit: 'clients',
  sizes: [50, 200, 1_000, 2_000],
  quickSizes: [50],
  contenders: [
    'ws-raw',
    'ws-batch',
    'ws-adaptive',
    'socketio-diff',
    'socketio-full',
    'openclaw',
    'rollcall-delta',
    'rollcall-full',
    'rollcall-half',
  ],
  largestSizes: { 'socketio-full': 1_000, openclaw: 1_000 },
  baseline: 'ws-raw',
  metrics: [
    { key: 'seconds', label: 'everybody sees everybody', unit: 's', better: 'less' },
    { key: 'totalMegabytes', label: 'bytes, all clients', unit: 'MB', better: 'less' },
    { key: 'listsPerClient', label: 'bytes per client, in final lists', unit: '×', better: 'less' },
    { key: 'bytesOfListPerChange', label: 'of a list per change', unit: '', better: 'less' },
    { key: 'peakMebibytes', label: 'peak memory', unit: 'MiB', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: 2 * size + 100 }),
  run,
};

async function run({ size, contender, server }: Run): Promise<Figures> {
  const group = new ClientGroup(contender, server);
  const end = startPhase(server.pid);
  const completion = new Completion(group, size);
  group.onStep = (client, step) => completion.notice(client, step);
  const watch = (position: number) => watchOf(contender, position);
  await group.open({ count: size, listed: true, watch, isSampler: (position) => position < SAMPLERS });
  const cost = end(
    await completedAtMs(group, completion, contender.audience, size > (contender.rowCap ?? size)),
  );
  const bytes = group.bytes();
  const peakMebibytes = peakResidentBytes(server.pid) / MIB;
  const [first] = group.clients;
  if (first && contender.audience !== 'none') await verifyViews(group, first, beaconFacts(0, 1));
  const listBytes = await group.listBytes(watch(0));
  group.close();
  return { ...cost, peakMebibytes, ...bytesFigures(size, bytes, listBytes) };
}

function completedAtMs(
  group: ClientGroup,
  completion: Completion,
  audience: string,
  capped: boolean,
): Promise<number> {
  if (audience === 'none') return Promise.resolve(performance.now());
  const reached = capped ? settled(group, QUIET_MS) : completion.reached;
  return group.unlessBroken(reached, 'everybody sees everybody', 300_000);
}

/** A list per change would cost the k-th connect k lists of k rows: a third of size² final lists in all. */
function bytesFigures(size: number, bytes: number, listBytes: number): Figures {
  return {
    totalMegabytes: bytes / 1_000_000,
    listsPerClient: bytes / size / listBytes,
    bytesOfListPerChange: bytes / ((size * size * listBytes) / 3),
  };
}
