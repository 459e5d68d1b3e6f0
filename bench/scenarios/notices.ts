import type { Change, InstanceView, Instant } from 'rollcall/core';
import type { NoticeRule } from '../../src/sinks/index.js';
import type { Figures } from '../job.ts';
import { builtModules, cpuMicrosOf } from '../load/built-modules.ts';
import { clientFacts } from '../load/facts.ts';
import type { Run, Scenario } from './scenario.ts';

const ROWS = 10_000;
/** Changes that arrive together: a hundredth of a second of 10 000 changes a second. */
const BATCH = 100;
const BATCH_MS = 10;
/** Instances that are away at a time: each of them for about ten seconds. */
const MOST_AWAY = 1_000;
const START_MS = 1_800_000_000_000;

/** An engine that receives every change and makes notices. */
interface Watcher {
  /** Processes changes; returns the number of notices made. */
  take(changes: readonly Change[], now: Instant): number;
  /** Notices that are open. */
  open(): number;
}

/** Cost of rules for the gateway. */
export const notices: Scenario = {
  name: 'notices',
  title: 'Notices',
  about:
    'In one process, no wire: 10 000 changes a second of 10 000 nodes, 100 at a time: 94 % tell when somebody used a machine last, ' +
    '5 % tell its load, 1 % leave or return. Every rule is about all of them. The plain watcher asks each rule at each change.',
  sizeUnit: 'rules',
  sizes: [1, 20, 100],
  quickSizes: [1, 20],
  contenders: ['notices-plain', 'notices'],
  baseline: 'notices-plain',
  metrics: [{ key: 'microsPerChange', label: 'CPU per change', unit: 'µs', better: 'less' }],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Figures> {
  const rules = Array.from({ length: size }, (_, index) => ruleOf(index));
  const fleet = new Fleet();
  const watcher =
    contender.id === 'notices' ? await ourWatcher(rules, fleet) : await plainWatcher(rules, fleet);
  const batches = quick ? 50 : 3_000;
  let given = 0;
  const micros = (count: number): number => {
    let sum = 0;
    for (let batch = 0; batch < count; batch += 1) {
      const changes = fleet.next();
      sum += cpuMicrosOf(() => {
        given += watcher.take(changes, fleet.now());
      });
    }
    return sum;
  };
  micros(batches / 2);
  const cost = micros(batches) / (batches * BATCH);
  // All are back for an hour, with input and without full disks: every notice is resolved.
  given += watcher.take(fleet.calm(), fleet.now());
  fleet.pass(3_600_000);
  given += watcher.take(fleet.calm(), fleet.now());
  if (watcher.open() !== 0) throw new Error(`${watcher.open()} notices are open`);
  if (!quick && given === 0) throw new Error('nothing was said');
  return { microsPerChange: cost };
}

function ruleOf(index: number): NoticeRule {
  const when = (['leaves', 'host-stats', 'idle', 'returns', 'flapping'] as const)[index % 5] ?? 'leaves';
  return {
    name: `r${index}`,
    when,
    who: 'mode:node',
    ...(when === 'leaves' && { for: '2s' }),
    ...(when === 'host-stats' && { above: { memory: 90 } }),
  };
}

async function ourWatcher(rules: readonly NoticeRule[], fleet: Fleet): Promise<Watcher> {
  const { sinks } = await builtModules();
  let ids = 0;
  const newId = (): string => `n${ids++}`;
  const engine = new sinks.NoticeEngine({ rules: sinks.compileRules(rules), newId });
  engine.start(fleet.rows, fleet.now());
  return {
    take: (changes, now) => engine.take(changes, now).length,
    open: () => engine.open.length,
  };
}

interface Condition {
  readonly sinceMonoMs: number;
  isSaid: boolean;
}

/** The plain implementation: at every change it evaluates every rule and scans all pending ones. Nothing is damped. */
async function plainWatcher(rules: readonly NoticeRule[], fleet: Fleet): Promise<Watcher> {
  const { viewer, sinks } = await builtModules();
  const compiled = rules.map((rule) => {
    const query = viewer.parseQuery(rule.who ?? '');
    if (!query.ok) throw new Error(query.error.message);
    const forMs = sinks.durationMs(rule.for ?? (rule.when === 'idle' ? '10m' : '0s'));
    return { rule, who: query.value, forMs, conditions: new Map<string, Condition>() };
  });
  const away = new Set<string>();
  const isSo = ({ when }: NoticeRule, row: InstanceView, wasAway: boolean): boolean => {
    const isAway = row.disconnectedAtMs !== undefined;
    if (when === 'leaves') return isAway;
    if (when === 'returns') return wasAway && !isAway;
    if (when === 'idle') return !isAway && (row.lastInputSeconds ?? 0) > 600;
    const { memoryTotalBytes = 1, memoryFreeBytes = 1 } = row.hostStats ?? {};
    return when === 'host-stats' && !isAway && memoryFreeBytes < memoryTotalBytes / 10;
  };
  const take = (changes: readonly Change[], now: Instant): number => {
    let given = 0;
    for (const change of changes) {
      if (change.kind !== 'upsert') continue;
      const { key, view } = change;
      const wasAway = away.has(key);
      if (view.disconnectedAtMs === undefined) away.delete(key);
      else away.add(key);
      for (const { rule, who, conditions } of compiled) {
        const holds = isSo(rule, view, wasAway) && viewer.matches(who, view, { nowMs: now.wallMs });
        if (!holds) given += conditions.get(key)?.isSaid === true ? 1 : 0;
        if (!holds) conditions.delete(key);
        else if (!conditions.has(key)) conditions.set(key, { sinceMonoMs: now.monoMs, isSaid: false });
      }
    }
    for (const { forMs, conditions } of compiled) {
      for (const condition of conditions.values()) {
        if (condition.isSaid || now.monoMs - condition.sinceMonoMs < forMs) continue;
        condition.isSaid = true;
        given += 1;
      }
    }
    return given;
  };
  take(
    fleet.rows.map((view) => upsert(view, 0)),
    fleet.now(),
  );
  return {
    take,
    open: () => compiled.reduce((sum, { conditions }) => sum + conditions.size, 0),
  };
}

function upsert(view: InstanceView, version: number): Change {
  return { kind: 'upsert', key: view.key, view, trigger: 'renewal', version };
}

function indexOf(key: string): number {
  return Number(key.slice(-7));
}

/** Changes of nodes: input, load, departure and return. */
class Fleet {
  readonly rows: InstanceView[] = Array.from({ length: ROWS }, (_, index) => {
    const { instanceId, ...facts } = clientFacts(index);
    const known = { ts: START_MS, connections: 1, firstSeenAtMs: START_MS, sources: {} };
    return { ...facts, ...known, key: instanceId, instanceId, mode: 'node', lastInputSeconds: 0 };
  });
  /** Keys of those that left, the first one first. */
  readonly #away: string[] = [];
  #nowMs = START_MS;
  #count = 0;

  now(): Instant {
    return { monoMs: this.#nowMs, wallMs: this.#nowMs };
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  next(): readonly Change[] {
    this.pass(BATCH_MS);
    return Array.from({ length: BATCH }, () => this.#change());
  }

  /** All nodes are connected and have input. */
  calm(): readonly Change[] {
    return this.rows.map((row) => this.#upsert(row, this.#present(row)));
  }

  #change(): Change {
    this.#count += 1;
    const count = this.#count;
    const kind = count % 100;
    if (kind === 0 && this.#away.length > MOST_AWAY) return this.#comeBack();
    const row = this.rows[(Math.imul(count, 2_654_435_761) >>> 0) % ROWS] as InstanceView;
    if (row.connections === 0) return this.#upsert(row, row);
    if (kind === 50) return this.#leave(row);
    const used = { ...row, ts: this.#nowMs, lastInputSeconds: count % 7 };
    if (kind > 5) return this.#upsert(row, used);
    const memoryFreeBytes = count % 13 === 0 ? 5 : 50;
    return this.#upsert(row, { ...used, hostStats: { cpuCount: 8, memoryTotalBytes: 100, memoryFreeBytes } });
  }

  #leave(row: InstanceView): Change {
    this.#away.push(row.key);
    return this.#upsert(row, this.#gone(row));
  }

  #comeBack(): Change {
    const row = this.rows[indexOf(this.#away.shift() ?? '')] as InstanceView;
    return this.#upsert(row, this.#present(row));
  }

  #gone(row: InstanceView): InstanceView {
    return { ...row, connections: 0, disconnectedAtMs: this.#nowMs, cause: { code: 'connection-lost' } };
  }

  #present({ disconnectedAtMs: _, hostStats: __, ...row }: InstanceView): InstanceView {
    const hostStats = { cpuCount: 8, memoryTotalBytes: 100, memoryFreeBytes: 50 };
    return {
      ...row,
      connections: 1,
      ts: this.#nowMs,
      lastInputSeconds: 0,
      hostStats,
      cause: { code: 'connected' },
    };
  }

  #upsert(before: InstanceView, view: InstanceView): Change {
    this.rows[indexOf(before.key)] = view;
    return { ...upsert(view, this.#count), ...(view.cause !== undefined && { cause: view.cause }) };
  }
}
