import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { awayRule, minute, noticeFixture } from '../../../test/harness/notice-fixture.ts';
import type { Change, InstanceView } from '../../core/index.ts';
import { type Notice, noticeMessage, noticeText } from './notice.ts';
import { NoticeEngine } from './notice-engine.ts';
import { type CompiledRule, compileRules } from './notice-rule.ts';

describe('NoticeEngine', () => {
  it('[PN4] reports a node after its grace, with the cause, and resolves the same notice', () => {
    const { connect, disconnect, pass, sent } = noticeFixture([awayRule]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute - 1);
    expect(sent).toEqual([]);
    pass(1);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      noticeId: 'id-1',
      state: 'open',
      severity: 'warning',
      cause: { code: 'connection-lost' },
      subject: { key: 'pi', host: 'pi-host' },
      instance: { mode: 'node', connections: 1 },
    });
    connect('pi');
    expect(sent[1]).toMatchObject({ noticeId: 'id-1', state: 'resolved', told: 2 });
  });

  it('[PN4] reports no instance that came back in time, or left for a cause that is left out', () => {
    const { connect, disconnect, pass, sent } = noticeFixture([awayRule]);
    connect('pi');
    disconnect('pi');
    pass(minute);
    connect('pi');
    pass(10 * minute);
    disconnect('pi', 'slept');
    pass(10 * minute);
    expect(sent).toEqual([]);
  });

  it('[PN1] other rules: the same ones continue, those that are gone are resolved', () => {
    const { connect, disconnect, pass, engine, clock, states, sent } = noticeFixture([
      awayRule,
      { ...awayRule, name: 'old' },
    ]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    sent.push(...engine.setRules(compileRules([awayRule, { ...awayRule, name: 'fresh' }]), clock.now()));
    expect(states()).toEqual(['away pi open', 'old pi open', 'old pi resolved']);
    expect(engine.open).toHaveLength(1);
  });

  it('[PN3] is the same on every channel: type, moment, data', () => {
    const { connect, disconnect, pass, sent, clock } = noticeFixture([awayRule]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    const message = noticeMessage(sent[0] as Notice, clock.wallMs);
    expect(message).toMatchObject({
      type: 'presence.left',
      timestamp: '2026-01-01T00:02:00.000Z',
      data: { noticeId: 'id-1', rule: 'away', state: 'open', since: '2026-01-01T00:00:00.000Z' },
    });
    expect(noticeText(message)).toBe('pi-host left (connection-lost)');
  });

  it('[PN9] a change without an effect evaluates no rule, however many there are', () => {
    let asked = 0;
    const counted = new Proxy(
      {},
      {
        get(_, name) {
          asked += 1;
          return Reflect.get(rule, name);
        },
      },
    );
    const rule = compileRules([{ name: 'r', when: 'leaves', who: 'mode:node' }])[0] as CompiledRule;
    const events = ['leaves', 'returns', 'appears', 'flapping', 'gateway-unreachable'] as const;
    const rules = events.flatMap((when) =>
      Array.from({ length: 40 }, () => Object.assign(Object.create(counted), { when }) as CompiledRule),
    );
    const clock = new ManualClock();
    const engine = new NoticeEngine({ rules, newId: () => 'id' });
    const change = (more: object): Change => {
      const view: InstanceView = {
        ...{ key: 'k', ts: clock.wallMs, connections: 1, firstSeenAtMs: 1, sources: {}, mode: 'node' },
        ...more,
      };
      return { kind: 'upsert', key: 'k', view, trigger: 'renewal', version: 1 };
    };
    engine.start([], clock.now());
    engine.take([change({})], clock.now());
    expect(asked).toBeGreaterThan(0);
    asked = 0;
    for (let round = 0; round < 100; round += 1) {
      clock.advance(1_000);
      engine.take([change({ lastInputSeconds: round, version: `1.${round}` })], clock.now());
    }
    expect(asked).toBe(0);
  });
});
