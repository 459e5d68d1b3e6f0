import { describe, expect, it } from 'vitest';
import { awayRule, minute, type NoticeFixture, noticeFixture } from '../../../test/harness/notice-fixture.ts';
import type { NoticeRule } from './notice-rule.ts';
import type { SavedNotices } from './saved-notices.ts';

describe('saved notices', () => {
  it('[PN8] continues after a restart: subjects, open and pending alerts', () => {
    const rules: NoticeRule[] = [awayRule, { name: 'new', when: 'appears' }];
    const before = noticeFixture(rules);
    for (const key of ['a', 'b', 'c']) before.connect(key);
    before.disconnect('a');
    before.pass(3 * minute);
    before.sent.length = 0;
    before.disconnect('b');
    const saved = JSON.parse(JSON.stringify(before.engine.save(before.clock.now()))) as SavedNotices;
    before.clock.advance(minute);
    const after = noticeFixture(rules, saved, before.clock);
    after.connect('c');
    after.connect('a');
    expect(after.states()).toEqual(['away a resolved']);
    after.pass(minute);
    expect(after.states()).toEqual(['away a resolved', 'away b open']);
    after.pass(60 * minute);
    expect(after.sent).toHaveLength(2);
  });

  it('[PN8] an instance that was present before a restart and does not come back has left', () => {
    const before = noticeFixture([awayRule]);
    for (const key of ['a', 'b']) before.connect(key);
    const saved = before.engine.save(before.clock.now());
    before.clock.advance(5_000);
    const after = noticeFixture([awayRule], saved, before.clock);
    after.connect('a');
    after.pass(5 * minute);
    expect(after.states()).toEqual(['away b open']);
    expect(after.sent[0]?.cause?.code).toBe('gateway-restart');
  });

  it('[PN8] a long grace continues after a second restart', () => {
    const before = noticeFixture([{ ...awayRule, for: '1h' }]);
    before.connect('pi');
    const save = ({ engine }: NoticeFixture): SavedNotices =>
      JSON.parse(JSON.stringify(engine.save(before.clock.now()))) as SavedNotices;
    const second = noticeFixture([{ ...awayRule, for: '1h' }], save(before), before.clock);
    second.pass(10 * minute);
    const third = noticeFixture([{ ...awayRule, for: '1h' }], save(second), before.clock);
    third.pass(50 * minute - 1);
    expect(third.states()).toEqual([]);
    third.pass(1);
    expect(third.states()).toEqual(['away pi open']);
  });
});
