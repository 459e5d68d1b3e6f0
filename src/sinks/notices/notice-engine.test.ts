import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import type { Cause, CauseCode, Change, InstanceView } from '../../core/index.ts';
import { createRoster } from '../../core/index.ts';
import { type Notice, noticeMessage, noticeText } from './notice.ts';
import { NoticeEngine } from './notice-engine.ts';
import { compileRules, defaultRules, type NoticeRule } from './notice-rule.ts';
import type { SavedNotices } from './saved-notices.ts';

const minute = 60_000;

/** An engine on a real roster. */
function fixture(rules: readonly NoticeRule[], saved?: SavedNotices, clock = new ManualClock()) {
  let ids = 0;
  const engine = new NoticeEngine({ rules: compileRules(rules), newId: () => `id-${++ids}` });
  const roster = createRoster({ ttlMs: 60 * minute, maxEntries: 10_000 });
  const said: Notice[] = [...engine.start(roster.views(clock.now()), clock.now(), saved)];
  const take = (changes: readonly Change[]): void => void said.push(...engine.take(changes, clock.now()));
  return {
    engine,
    clock,
    said,
    take,
    connect: (key: string, mode = 'node') => {
      const facts = { instanceId: key, host: `${key}-host`, mode };
      const outcome = roster.connect({ connectionId: key, facts, role: 'node', scopes: [] }, clock.now());
      if ('changes' in outcome) take(outcome.changes);
    },
    disconnect: (key: string, code: CauseCode = 'connection-lost') =>
      take(roster.disconnect(key, clock.now(), { code })),
    pass: (ms: number) => {
      clock.advance(ms);
      said.push(...engine.advance(clock.now()));
    },
    states: () => said.map(({ rule, subject, state }) => `${rule} ${subject.key} ${state}`),
  };
}

type Fixture = ReturnType<typeof fixture>;

const away: NoticeRule = { name: 'away', when: 'leaves', who: 'mode:node', for: '2m', unless: ['slept'] };

describe('NoticeEngine', () => {
  it('[PN4] tells of a node after its grace, with the cause, and resolves the same notice', () => {
    const { connect, disconnect, pass, said } = fixture([away]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute - 1);
    expect(said).toEqual([]);
    pass(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({
      noticeId: 'id-1',
      state: 'open',
      severity: 'warning',
      cause: { code: 'connection-lost' },
      subject: { key: 'pi', host: 'pi-host' },
      instance: { mode: 'node', connections: 1 },
    });
    connect('pi');
    expect(said[1]).toMatchObject({ noticeId: 'id-1', state: 'resolved', told: 2 });
  });

  it('[PN4] says nothing of who came back in time, or left for a cause that is left out', () => {
    const { connect, disconnect, pass, said } = fixture([away]);
    connect('pi');
    disconnect('pi');
    pass(minute);
    connect('pi');
    pass(10 * minute);
    disconnect('pi', 'slept');
    pass(10 * minute);
    expect(said).toEqual([]);
  });

  it('[PN2] asks who: others are not told of', () => {
    const { connect, disconnect, pass, said } = fixture([away]);
    connect('page', 'webchat');
    disconnect('page');
    pass(10 * minute);
    expect(said).toEqual([]);
  });

  it('[PN5] many that leave together are one notice, resolved when all are back', () => {
    const { connect, disconnect, pass, said } = fixture([away]);
    const keys = Array.from({ length: 12 }, (_, index) => `n${index}`);
    for (const key of keys) connect(key);
    for (const key of keys) {
      disconnect(key);
      pass(1_000);
    }
    pass(5 * minute);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ count: 12, subject: { key: '*', host: '12 instances' } });
    expect(said[0]?.members).toEqual(keys);
    for (const key of keys.slice(1)) connect(key);
    expect(said).toHaveLength(1);
    connect('n0');
    expect(said[1]).toMatchObject({ noticeId: said[0]?.noticeId, state: 'resolved' });
  });

  it('[PN5] who lost its gateway has two minutes to come back, and its return is none', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
    ];
    const { connect, disconnect, pass, said, states } = fixture(rules);
    for (const key of ['a', 'b']) {
      connect(key);
      disconnect(key, 'gateway-restart');
    }
    pass(minute);
    connect('a');
    pass(2 * minute);
    expect(states()).toEqual(['gone b open']);
    expect(said[0]?.cause?.code).toBe('gateway-restart');
  });

  it('[PN2] who is pushed out of a full roster has not left, and is not new or back when it is listed again', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
      { name: 'new', when: 'appears' },
      { name: 'flaps', when: 'flapping' },
    ];
    const row: InstanceView = { key: 'a', ts: 1, connections: 1, firstSeenAtMs: 1, sources: {} };
    const evict = ({ take }: Fixture): void =>
      take([{ kind: 'remove', key: 'a', trigger: 'evicted', cause: { code: 'evicted' }, version: 1 }]);
    const list = ({ take }: Fixture): void =>
      take([
        { kind: 'upsert', key: 'a', view: row, trigger: 'connect', cause: { code: 'connected' }, version: 1 },
      ]);
    const before = fixture(rules);
    for (let times = 0; times < 6; times += 1) {
      list(before);
      evict(before);
      before.pass(minute);
    }
    expect(before.states()).toEqual(['new a resolved']);
    const saved = JSON.parse(JSON.stringify(before.engine.save(before.clock.now()))) as SavedNotices;
    const after = fixture(rules, saved, before.clock);
    after.pass(10 * minute);
    list(after);
    expect(after.states()).toEqual([]);
  });

  it('[PN5] an instance that flaps is said once and counted', () => {
    const { connect, disconnect, pass, states, engine } = fixture([
      { name: 'flaps', when: 'flapping' },
      { name: 'gone', when: 'leaves', for: '0s' },
    ]);
    for (let times = 0; times < 20; times += 1) {
      connect('pi');
      pass(10_000);
      disconnect('pi');
      pass(10_000);
    }
    connect('pi');
    expect(engine.open.find(({ rule }) => rule === 'flaps')?.count).toBe(20);
    pass(20 * minute);
    expect(states().filter((state) => state.startsWith('flaps'))).toEqual([
      'flaps pi open',
      'flaps pi resolved',
    ]);
    // Four full rounds before it flaps, then one notice until it was steady.
    expect(states().filter((state) => state === 'gone pi open')).toHaveLength(5);
    expect(states().at(-1)).toContain('resolved');
  });

  it('[PN5] flapping that was not to be said is over when it is steady: the next time is said', () => {
    const { connect, disconnect, pass, states } = fixture([
      { name: 'flaps', when: 'flapping', unless: ['closed'] },
    ]);
    const flap = (code: CauseCode): void => {
      for (let times = 0; times < 5; times += 1) {
        connect('pi');
        pass(10_000);
        disconnect('pi', code);
        pass(10_000);
      }
    };
    flap('closed');
    pass(20 * minute);
    flap('connection-lost');
    expect(states()).toEqual(['flaps pi open']);
  });

  it('[PN7] what is acknowledged is not repeated; what is muted is said when the mute ends', () => {
    const { connect, disconnect, pass, said, engine, clock } = fixture([{ ...away, repeat: '10m' }]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    pass(10 * minute);
    expect(said.map(({ told }) => told)).toEqual([1, 2]);
    expect(engine.acknowledge('id-1', 'ann', clock.now())).toMatchObject({ acknowledgedBy: 'ann' });
    expect(engine.acknowledge('no', 'ann', clock.now())).toBeUndefined();
    pass(60 * minute);
    expect(said).toHaveLength(2);
    connect('other');
    engine.mute({ key: 'other', untilMs: clock.wallMs + 30 * minute }, clock.now());
    disconnect('other');
    pass(29 * minute);
    expect(said).toHaveLength(2);
    pass(minute);
    expect(said[2]?.subject.key).toBe('other');
  });

  it('[PN6] quiet hours go by their time zone', () => {
    const clock = new ManualClock({ wallMs: Date.UTC(2026, 6, 1, 19, 50) });
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const { connect, disconnect, pass, said } = fixture([{ ...away, quietHours }], undefined, clock);
    connect('pi');
    pass(15 * minute);
    disconnect('pi');
    pass(8 * 60 * minute);
    expect(said).toEqual([]);
    for (let minutes = 0; minutes < 60; minutes += 1) pass(minute);
    expect(new Date(said[0]?.openedAtMs ?? 0).toISOString()).toBe('2026-07-02T05:00:00.000Z');
  });

  it('[PN8] goes on after a restart: known, open and waiting', () => {
    const rules: NoticeRule[] = [away, { name: 'new', when: 'appears' }];
    const before = fixture(rules);
    for (const key of ['a', 'b', 'c']) before.connect(key);
    before.disconnect('a');
    before.pass(3 * minute);
    before.said.length = 0;
    before.disconnect('b');
    const saved = JSON.parse(JSON.stringify(before.engine.save(before.clock.now()))) as SavedNotices;
    before.clock.advance(minute);
    const after = fixture(rules, saved, before.clock);
    after.connect('c');
    after.connect('a');
    expect(after.states()).toEqual(['away a resolved']);
    after.pass(minute);
    expect(after.states()).toEqual(['away a resolved', 'away b open']);
    after.pass(60 * minute);
    expect(after.said).toHaveLength(2);
  });

  it('[PN8] who was there before a restart and does not come back has left', () => {
    const before = fixture([away]);
    for (const key of ['a', 'b']) before.connect(key);
    const saved = before.engine.save(before.clock.now());
    before.clock.advance(5_000);
    const after = fixture([away], saved, before.clock);
    after.connect('a');
    after.pass(5 * minute);
    expect(after.states()).toEqual(['away b open']);
    expect(after.said[0]?.cause?.code).toBe('gateway-restart');
  });

  it('[PN1] other rules: the same ones go on, those that are gone are resolved', () => {
    const { connect, disconnect, pass, engine, clock, states, said } = fixture([
      away,
      { ...away, name: 'old' },
    ]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    said.push(...engine.setRules(compileRules([away, { ...away, name: 'fresh' }]), clock.now()));
    expect(states()).toEqual(['away pi open', 'old pi open', 'old pi resolved']);
    expect(engine.open).toHaveLength(1);
  });

  it('[PN2] a gateway that cannot be reached is one notice, its rows are none', () => {
    const { take, said, pass, states } = fixture([...defaultRules, { name: 'any', when: 'leaves' }]);
    const row = (key: string, more: Partial<InstanceView>): InstanceView => ({
      key,
      ts: 1,
      connections: 1,
      firstSeenAtMs: 1,
      sources: {},
      ...more,
    });
    const cause: Cause = { code: 'gateway-unreachable', evidence: 'no answer' };
    const upsert = (view: InstanceView, because?: Cause): Change => ({
      kind: 'upsert',
      key: view.key,
      view,
      trigger: 'replicated',
      version: 1,
      ...(because !== undefined && { cause: because }),
    });
    const gateway = row('gw', { mode: 'gateway', reason: 'self', host: 'attic' });
    const node = row('n', { mode: 'node', gateways: ['attic'] });
    take([upsert(gateway), upsert(node)]);
    take([gateway, node].map((view) => upsert({ ...view, unreachableSinceMs: 5 }, cause)));
    pass(5 * minute);
    take([{ kind: 'remove', key: 'n', trigger: 'expired', cause: { code: 'expired' }, version: 2 }]);
    pass(5 * minute);
    expect(states()).toEqual(['gateway-unreachable gw open']);
    expect(said[0]).toMatchObject({ severity: 'critical', cause });
    take([upsert(gateway), upsert(node)]);
    expect(states()[1]).toBe('gateway-unreachable gw resolved');
  });

  it('[PN5] who is not there when its gateway can be reached again has two minutes to come back', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
    ];
    const { take, pass, states } = fixture(rules);
    const row = (key: string, more: object = {}): Change => {
      const view = { key, ts: 1, connections: 1, firstSeenAtMs: 1, sources: {}, ...more };
      return { kind: 'upsert', key, view, trigger: 'replicated', version: 1 };
    };
    const removed = (key: string): Change => ({ kind: 'remove', key, trigger: 'replicated', version: 2 });
    take([row('a'), row('b')]);
    take([row('a', { unreachableSinceMs: 5 }), row('b', { unreachableSinceMs: 5 })]);
    pass(minute);
    take([removed('a'), removed('b')]);
    pass(minute);
    take([row('a')]);
    pass(minute - 1);
    expect(states()).toEqual([]);
    pass(1);
    expect(states()).toEqual(['gone b open']);
  });

  it('[PN8] a long grace goes on after a second restart', () => {
    const before = fixture([{ ...away, for: '1h' }]);
    before.connect('pi');
    const save = ({ engine }: Fixture): SavedNotices =>
      JSON.parse(JSON.stringify(engine.save(before.clock.now()))) as SavedNotices;
    const second = fixture([{ ...away, for: '1h' }], save(before), before.clock);
    second.pass(10 * minute);
    const third = fixture([{ ...away, for: '1h' }], save(second), before.clock);
    third.pass(50 * minute - 1);
    expect(third.states()).toEqual([]);
    third.pass(1);
    expect(third.states()).toEqual(['away pi open']);
  });

  it('[PN3] says the same on every channel: type, moment, data', () => {
    const { connect, disconnect, pass, said, clock } = fixture([away]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    const message = noticeMessage(said[0] as Notice, clock.wallMs);
    expect(message).toMatchObject({
      type: 'presence.left',
      timestamp: '2026-01-01T00:02:00.000Z',
      data: { noticeId: 'id-1', rule: 'away', state: 'open', since: '2026-01-01T00:00:00.000Z' },
    });
    expect(noticeText(message)).toBe('pi-host left (connection-lost)');
  });

  it('[PN9] 20 rules cost less than 5 µs a change', () => {
    const rules = Array.from({ length: 20 }, (_, index): NoticeRule => {
      const when = (['leaves', 'returns', 'flapping', 'idle', 'host-stats'] as const)[index % 5] ?? 'leaves';
      return {
        name: `r${index}`,
        when,
        who: 'mode:node',
        ...(when === 'host-stats' && { above: { memory: 90 } }),
      };
    });
    const { engine, clock } = fixture(rules);
    const view = (index: number, ts: number): InstanceView => ({
      key: `k${index}`,
      ts,
      connections: 1,
      firstSeenAtMs: 1,
      mode: 'node',
      lastInputSeconds: 3,
      sources: {},
    });
    const changes = (version: number): readonly Change[] =>
      Array.from({ length: 1_000 }, (_, index) => ({
        kind: 'upsert' as const,
        key: `k${index}`,
        view: view(index, clock.wallMs),
        trigger: 'renewal' as const,
        version,
      }));
    const costs: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      clock.advance(1_000);
      const batch = changes(round);
      const start = performance.now();
      engine.take(batch, clock.now());
      costs.push(performance.now() - start);
    }
    // The first rounds arrive and are compiled; the median of the rest is what a busy gateway pays.
    const median = costs.slice(5).sort((a, b) => a - b)[12] ?? Number.POSITIVE_INFINITY;
    expect(median * 1_000).toBeLessThan(5 * 1_000);
  });
});
