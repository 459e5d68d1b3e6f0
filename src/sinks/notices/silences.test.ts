import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { awayRule, minute, noticeFixture } from '../../../test/harness/notice-fixture.ts';

describe('Silences', () => {
  it('[PN7] what is acknowledged is not repeated; what is muted is sent when the mute ends', () => {
    const { connect, disconnect, pass, sent, engine, clock } = noticeFixture([
      { ...awayRule, repeat: '10m' },
    ]);
    connect('pi');
    disconnect('pi');
    pass(2 * minute);
    pass(10 * minute);
    expect(sent.map(({ told }) => told)).toEqual([1, 2]);
    expect(engine.acknowledge('id-1', 'ann', clock.now())).toMatchObject({ acknowledgedBy: 'ann' });
    expect(engine.acknowledge('no', 'ann', clock.now())).toBeUndefined();
    pass(60 * minute);
    expect(sent).toHaveLength(2);
    connect('other');
    engine.mute({ key: 'other', untilMs: clock.wallMs + 30 * minute }, clock.now());
    disconnect('other');
    pass(29 * minute);
    expect(sent).toHaveLength(2);
    pass(minute);
    expect(sent[2]?.subject.key).toBe('other');
  });

  it('[PN6] quiet hours go by their time zone', () => {
    const clock = new ManualClock({ wallMs: Date.UTC(2026, 6, 1, 19, 50) });
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const { connect, disconnect, pass, sent } = noticeFixture(
      [{ ...awayRule, quietHours }],
      undefined,
      clock,
    );
    connect('pi');
    pass(15 * minute);
    disconnect('pi');
    pass(8 * 60 * minute);
    expect(sent).toEqual([]);
    for (let minutes = 0; minutes < 60; minutes += 1) pass(minute);
    expect(new Date(sent[0]?.openedAtMs ?? 0).toISOString()).toBe('2026-07-02T05:00:00.000Z');
  });
});
