import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ModelEvent,
  type ModelStanding,
  modelOf,
  modelStepS,
  type SentNotice,
} from '../../../test/harness/notice-model.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { CauseCode, Change, InstanceView, Instant } from '../../core/index.ts';
import type { Notice } from './notice.ts';
import { NoticeEngine } from './notice-engine.ts';
import { compileRules, type NoticeRule, noticeEvents } from './notice-rule.ts';

const startMs = Date.UTC(2026, 0, 1);
const endS = 160 * modelStepS;
const keys = ['a', 'b', 'gw1'];

function instant(atS: number): Instant {
  return { monoMs: atS * 1_000 + 5_000, wallMs: startMs + atS * 1_000 };
}

const anyRule: fc.Arbitrary<NoticeRule> = fc
  .record(
    {
      when: fc.constantFrom(...noticeEvents),
      for: fc.constantFrom('0s', '30s', '1m', '2m', '5m'),
      who: fc.constantFrom('key:a', 'key:b', 'key:gw1'),
      unless: fc.subarray<CauseCode>(['closed', 'slept', 'gateway-restart', 'gateway-unreachable']),
      repeat: fc.constantFrom('1m', '3m', '10m'),
      quietHours: fc.constantFrom(
        { from: '00:10', to: '00:20', timeZone: 'UTC' },
        { from: '00:30', to: '00:33', timeZone: 'UTC' },
      ),
    },
    { requiredKeys: ['when'] },
  )
  .map((rule) => ({
    name: 'r',
    ...rule,
    ...(rule.when === 'host-stats' && { above: { memory: 90 } }),
    ...((rule.when === 'idle' || rule.when === 'in-use') && {
      for: rule.for === '0s' ? '30s' : (rule.for ?? '2m'),
    }),
  }));

const anyRules = fc
  .array(anyRule, { minLength: 1, maxLength: 6 })
  .map((rules) => rules.map((rule, index) => ({ ...rule, name: `r${index}` })));

interface Step {
  readonly key: string;
  readonly pauseSteps: number;
  readonly to: ModelStanding;
  readonly cause: CauseCode;
  readonly input: boolean;
  readonly memory: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  key: fc.constantFrom(...keys),
  pauseSteps: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 30 })),
  to: fc.constantFrom<ModelStanding>('present', 'present', 'away', 'away', 'unknown', 'gone'),
  cause: fc.constantFrom<CauseCode>('closed', 'slept', 'connection-lost', 'gateway-restart', 'unknown'),
  input: fc.boolean(),
  memory: fc.constantFrom(10, 95),
});

const possible: Readonly<Record<ModelStanding, readonly ModelStanding[]>> = {
  present: ['present', 'away', 'unknown', 'gone'],
  away: ['present', 'gone'],
  unknown: ['present', 'away', 'gone'],
  gone: ['present'],
};

/** A history in which everything can happen: at most one event of a row at a moment. */
function historyOf(steps: readonly Step[]): readonly ModelEvent[] {
  const standing = new Map<string, ModelStanding>();
  const latest = new Map<string, number>();
  const events: ModelEvent[] = [];
  let atS = 0;
  for (const { key, pauseSteps, to, cause, input, memory } of steps) {
    atS += pauseSteps * modelStepS;
    const from = standing.get(key) ?? 'gone';
    const isGateway = key.startsWith('gw');
    if (atS > endS || latest.get(key) === atS || !possible[from].includes(to)) continue;
    if (isGateway && to !== 'present' && to !== 'unknown') continue;
    const isGatewayCause = to === 'unknown' && cause !== 'gateway-restart';
    standing.set(key, to);
    latest.set(key, atS);
    events.push({
      atS,
      key,
      standing: to,
      cause: to === 'present' ? 'connected' : isGatewayCause ? 'gateway-unreachable' : cause,
      ...(to === 'present' && { input, memory }),
    });
  }
  return events;
}

/** The rows of a history as a roster would list them. */
class Rows {
  readonly #views = new Map<string, InstanceView>();
  readonly #inputs = new Map<string, number>();

  change({ atS, key, standing, cause: code, input, memory = 10 }: ModelEvent): Change {
    const { wallMs } = instant(atS);
    const previous = this.#views.get(key);
    const cause = { code };
    if (standing === 'gone') {
      this.#views.delete(key);
      return {
        kind: 'remove',
        key,
        trigger: 'replicated',
        cause,
        version: atS,
        ...(previous !== undefined && { previous }),
      };
    }
    if (input === true) this.#inputs.set(key, atS);
    const inputAtS = this.#inputs.get(key);
    const view: InstanceView = {
      key,
      ts: wallMs,
      firstSeenAtMs: startMs,
      sources: {},
      connections: standing === 'away' ? 0 : 1,
      ...(key.startsWith('gw') ? { mode: 'gateway', reason: 'self' } : { mode: 'node' }),
      ...(standing === 'away' && { disconnectedAtMs: wallMs }),
      ...(standing === 'unknown' && { unreachableSinceMs: wallMs }),
      ...(inputAtS !== undefined && { lastInputSeconds: atS - inputAtS }),
      ...(standing === 'present' && {
        hostStats: { cpuCount: 1, memoryTotalBytes: 100, memoryFreeBytes: 100 - memory },
      }),
      cause,
    };
    this.#views.set(key, view);
    const isMove = previous === undefined || standing !== 'present' || previous.cause?.code !== code;
    return {
      kind: 'upsert',
      key,
      view,
      trigger: 'connect',
      version: atS,
      ...(previous !== undefined && { previous }),
      ...(isMove && { cause }),
    };
  }
}

interface Run {
  readonly sent: readonly SentNotice[];
  /** Most notices of one rule and subject that were open at a time. */
  readonly mostOpen: number;
}

function engineOf(rules: readonly NoticeRule[], events: readonly ModelEvent[], groupFrom: number): Run {
  let ids = 0;
  const newId = (): string => `n${ids++}`;
  const engine = new NoticeEngine({ rules: compileRules(rules), newId, groupFrom });
  const rows = new Rows();
  const sent: SentNotice[] = [];
  const open = new Map<string, string>();
  let mostOpen = 0;
  const note = (atS: number, notices: readonly Notice[]): void => {
    for (const { rule, subject, state, told, noticeId } of notices) {
      sent.push({ atS, rule, key: subject.key, state, told });
      if (state === 'open') open.set(noticeId, `${rule} ${subject.key}`);
      else open.delete(noticeId);
    }
    const counts = countsOf(open.values());
    mostOpen = Math.max(mostOpen, ...counts);
  };
  engine.start([], instant(0));
  for (let atS = 0; atS <= endS; atS += modelStepS) {
    note(atS, engine.advance(instant(atS)));
    const changes = events.filter((event) => event.atS === atS).map((event) => rows.change(event));
    if (changes.length > 0) note(atS, engine.take(changes, instant(atS)));
  }
  expect(engine.open.length).toBe(open.size);
  return { sent, mostOpen };
}

function countsOf(subjects: Iterable<string>): readonly number[] {
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return [...counts.values()];
}

const inOrder = (sent: readonly SentNotice[]): readonly SentNotice[] =>
  [...sent].sort(
    (a, b) => a.atS - b.atS || a.rule.localeCompare(b.rule) || a.key.localeCompare(b.key) || a.told - b.told,
  );

/** An instance that comes and goes. */
const anyBurst: fc.Arbitrary<readonly Step[]> = fc
  .record({
    step: anyStep,
    times: fc.integer({ min: 4, max: 14 }),
    pauseSteps: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ step, times, pauseSteps }) =>
    Array.from({ length: times }, (_, index) => ({
      ...step,
      pauseSteps,
      key: step.key === 'gw1' ? 'a' : step.key,
      to: index % 2 === 0 ? ('present' as const) : ('away' as const),
    })),
  );

const anyHistory = fc
  .array(
    fc.oneof({ arbitrary: anyStep.map((step) => [step]), weight: 8 }, { arbitrary: anyBurst, weight: 1 }),
    {
      maxLength: 40,
    },
  )
  .map((steps) => historyOf(steps.flat()));

describe('NoticeEngine', () => {
  it('[PN2] [PN4] [PN5] [PN6] returns the notices of a slow and plain model for any history', () => {
    fc.assert(
      fc.property(anyRules, anyHistory, (rules, events) => {
        const { sent } = engineOf(rules, events, Number.POSITIVE_INFINITY);
        expect(inOrder(sent)).toEqual(inOrder(modelOf(rules, keys, events, endS)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PN4] never has two open notices of one rule and subject', () => {
    fc.assert(
      fc.property(anyRules, anyHistory, fc.integer({ min: 2, max: 5 }), (rules, events, groupFrom) => {
        expect(engineOf(rules, events, groupFrom).mostOpen).toBeLessThanOrEqual(1);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
