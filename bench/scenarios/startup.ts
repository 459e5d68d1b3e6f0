import { residentBytes } from '../runner/process-usage.ts';
import { pause, type Scenario } from './scenario.ts';

const MIB = 2 ** 20;

/** From nothing to ready. */
export const startup: Scenario = {
  name: 'startup',
  title: 'Start-up',
  about: 'From spawning the process to the first hello to a client, and resident memory three seconds later.',
  sizeUnit: 'process',
  sizes: [1],
  quickSizes: [1],
  contenders: ['ws-raw', 'socketio-diff', 'openclaw', 'rollcall'],
  baseline: 'ws-raw',
  metrics: [
    { key: 'readySeconds', label: 'ready', unit: 's', better: 'less' },
    { key: 'restMebibytes', label: 'memory at rest', unit: 'MiB', better: 'less' },
  ],
  needs: () => ({}),
  run: async ({ server, quick }) => {
    await pause(quick ? 100 : 3_000);
    return { readySeconds: server.readyMs / 1_000, restMebibytes: residentBytes(server.pid) / MIB };
  },
};
