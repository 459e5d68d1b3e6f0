import { describe, expect, it } from 'vitest';
import { awayRule, minute, type NoticeFixture, noticeFixture } from '../../../test/harness/notice-fixture.ts';
import type { Cause, CauseCode, Change, InstanceView } from '../../core/index.ts';
import { defaultRules, type NoticeRule } from './notice-rule.ts';
import type { SavedNotices } from './saved-notices.ts';

describe('RowEvents', () => {
  it('[PN2] applies the query of a rule: other rows cause no notice', () => {
    const { connect, disconnect, pass, sent } = noticeFixture([awayRule]);
    connect('page', 'webchat');
    disconnect('page');
    pass(10 * minute);
    expect(sent).toEqual([]);
  });

  it('[PN5] an instance whose gateway was lost has two minutes to come back, and its return is no event', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
    ];
    const { connect, disconnect, pass, sent, states } = noticeFixture(rules);
    for (const key of ['a', 'b']) {
      connect(key);
      disconnect(key, 'gateway-restart');
    }
    pass(minute);
    connect('a');
    pass(2 * minute);
    expect(states()).toEqual(['gone b open']);
    expect(sent[0]?.cause?.code).toBe('gateway-restart');
  });

  it('[PN2] an instance that is evicted from a full roster has not left, and is not new or back when it is listed again', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
      { name: 'new', when: 'appears' },
      { name: 'flaps', when: 'flapping' },
    ];
    const row: InstanceView = { key: 'a', ts: 1, connections: 1, firstSeenAtMs: 1, sources: {} };
    const evict = ({ take }: NoticeFixture): void =>
      take([{ kind: 'remove', key: 'a', trigger: 'evicted', cause: { code: 'evicted' }, version: 1 }]);
    const list = ({ take }: NoticeFixture): void =>
      take([
        { kind: 'upsert', key: 'a', view: row, trigger: 'connect', cause: { code: 'connected' }, version: 1 },
      ]);
    const before = noticeFixture(rules);
    for (let times = 0; times < 6; times += 1) {
      list(before);
      evict(before);
      before.pass(minute);
    }
    expect(before.states()).toEqual(['new a resolved']);
    const saved = JSON.parse(JSON.stringify(before.engine.save(before.clock.now()))) as SavedNotices;
    const after = noticeFixture(rules, saved, before.clock);
    after.pass(10 * minute);
    list(after);
    expect(after.states()).toEqual([]);
  });

  it('[PN5] an instance that flaps is one notice with a count', () => {
    const { connect, disconnect, pass, states, engine } = noticeFixture([
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

  it('[PN5] suppressed flapping is over when it is steady: the next time is a notice', () => {
    const { connect, disconnect, pass, states } = noticeFixture([
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

  it('[PN2] a gateway that cannot be reached is one notice, its rows are none', () => {
    const { take, sent, pass, states } = noticeFixture([...defaultRules, { name: 'any', when: 'leaves' }]);
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
    expect(sent[0]).toMatchObject({ severity: 'critical', cause });
    take([upsert(gateway), upsert(node)]);
    expect(states()[1]).toBe('gateway-unreachable gw resolved');
  });

  it('[PN5] an instance that is missing when its gateway can be reached again has two minutes to come back', () => {
    const rules: NoticeRule[] = [
      { name: 'gone', when: 'leaves' },
      { name: 'back', when: 'returns' },
    ];
    const { take, pass, states } = noticeFixture(rules);
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
});
