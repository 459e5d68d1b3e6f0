import { describe, expect, it } from 'vitest';
import { awayRule, minute, noticeFixture } from '../../../test/harness/notice-fixture.ts';

describe('AlertGroups', () => {
  it('[PN5] many that leave together are one notice, resolved when all are back', () => {
    const { connect, disconnect, pass, said } = noticeFixture([awayRule]);
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
});
