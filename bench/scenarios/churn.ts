import type { Figures } from '../job.ts';
import type { Client } from '../load/client.ts';
import { ClientGroup, watchOf } from '../load/client-group.ts';
import { beaconFacts } from '../load/facts.ts';
import { startPhase } from '../load/phase.ts';
import { restingMebibytes } from '../load/resting-memory.ts';
import { verifyViews } from '../load/verify-views.ts';
import { percentile } from '../statistics.ts';
import { cpuMetrics, pause, type Run, type Scenario } from './scenario.ts';

const WATCHERS = 4;
const STAY_MS = 1_000;
const TICK_MS = 10;
/** Until the server has processed the last close. */
const SETTLE_MS = 300;

/** Clients that connect and disconnect: nothing may fail and no memory may be kept. */
export const churn: Scenario = {
  name: 'churn',
  title: 'Churn',
  about:
    `New clients at a steady rate for 60 s, each stays ${STAY_MS / 1_000} s; ${WATCHERS} watchers see it all. ` +
    'Memory (garbage collected) after a third of the time and at the end.',
  sizeUnit: 'connects/s',
  sizes: [300],
  quickSizes: [50],
  contenders: ['ws-raw', 'ws-batch', 'socketio-diff', 'openclaw', 'rollcall-delta', 'rollcall-full'],
  baseline: 'ws-raw',
  metrics: [
    { key: 'growthPercent', label: 'memory growth', unit: '%', better: 'less' },
    { key: 'endMebibytes', label: 'memory at the end', unit: 'MiB', better: 'less' },
    { key: 'connects', label: 'connects', unit: '', better: 'more' },
    { key: 'helloP50Ms', label: 'hello p50', unit: 'ms', better: 'less' },
    { key: 'helloP99Ms', label: 'hello p99', unit: 'ms', better: 'less' },
    ...cpuMetrics,
  ],
  needs: () => ({ collectsGarbage: true }),
  run,
};

async function run({ size, quick, contender, server }: Run): Promise<Figures> {
  const group = new ClientGroup(contender, server);
  const watch = (position: number) => watchOf(contender, position);
  const watchers = await group.open({ count: WATCHERS, listed: true, watch, isSampler: () => true });
  const coming = new Coming(group, WATCHERS);
  const seconds = quick ? 3 : 60;
  const end = startPhase(server.pid);
  await coming.keepComing(size, seconds / 3);
  const earlyMebibytes = await coming.during(size, restingMebibytes(server.pid, quick));
  await coming.keepComing(size, (seconds * 2) / 3);
  const endMebibytes = await coming.during(size, restingMebibytes(server.pid, quick));
  const cost = end();
  await coming.allGone();
  const [sender] = watchers;
  if (sender && contender.audience !== 'none') await verifyViews(group, sender, beaconFacts(0, 1));
  group.close();
  return {
    ...cost,
    endMebibytes,
    growthPercent: (endMebibytes / earlyMebibytes - 1) * 100,
    connects: coming.helloMs.length,
    helloP50Ms: percentile(coming.helloMs, 50),
    helloP99Ms: percentile(coming.helloMs, 99),
  };
}

/** Opens clients at a rate; each leaves by itself. */
class Coming {
  /** From dialling to hello, per client. */
  readonly helloMs: number[] = [];
  readonly #group: ClientGroup;
  readonly #visits = new Set<Promise<void>>();
  #nextIndex: number;

  constructor(group: ClientGroup, firstIndex: number) {
    this.#group = group;
    this.#nextIndex = firstIndex;
  }

  /** Opens `perSecond` clients a second for a while. */
  async keepComing(perSecond: number, seconds: number): Promise<void> {
    await this.during(perSecond, pause(seconds * 1_000));
  }

  /** Opens `perSecond` clients a second until something is done. */
  async during<T>(perSecond: number, something: Promise<T>): Promise<T> {
    let done = false;
    const result = something.finally(() => {
      done = true;
    });
    const startedAtMs = performance.now();
    for (let opened = 0; !done; await this.#group.unlessBroken(pause(TICK_MS), 'the next client is due')) {
      const due = Math.floor(((performance.now() - startedAtMs) * perSecond) / 1_000);
      for (; opened < due; opened++) this.#visit();
    }
    return result;
  }

  /** Resolves when every client has been greeted and left. */
  async allGone(): Promise<void> {
    await this.#group.unlessBroken(Promise.all(this.#visits), 'the last client left');
    await pause(SETTLE_MS);
  }

  #visit(): void {
    const visit = this.#stay(this.#group.newVisitor(this.#nextIndex++));
    this.#visits.add(visit);
    visit.finally(() => this.#visits.delete(visit));
  }

  async #stay(client: Client): Promise<void> {
    const startedAtMs = performance.now();
    await client.connect(false);
    this.helloMs.push(performance.now() - startedAtMs);
    await pause(STAY_MS);
    client.close();
  }
}
