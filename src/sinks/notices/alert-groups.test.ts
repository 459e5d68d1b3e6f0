import { describe, expect, it } from 'vitest';
import { awayRule, minute, noticeFixture } from '../../../test/harness/notice-fixture.ts';

describe('AlertGroups', () => {
  it('[PN5] many that leave together are one notice, resolved when all are back', () => {
    const { connect, disconnect, pass, sent } = noticeFixture([awayRule]);
    const keys = Array.from({ length: 12 }, (_, index) => `n${index}`);
    for (const key of keys) connect(key);
    for (const key of keys) {
      disconnect(key);
      pass(1_000);
    }
    pass(5 * minute);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ count: 12, subject: { key: '*', host: '12 instances' } });
    expect(sent[0]?.members).toEqual(keys);
    for (const key of keys.slice(1)) connect(key);
    expect(sent).toHaveLength(1);
    connect('n0');
    expect(sent[1]).toMatchObject({ noticeId: sent[0]?.noticeId, state: 'resolved' });
  });
});
