import { type CauseCode, type Change, createRoster } from '../../src/core/index.ts';
import type { Notice } from '../../src/sinks/notices/notice.ts';
import { NoticeEngine } from '../../src/sinks/notices/notice-engine.ts';
import { compileRules, type NoticeRule } from '../../src/sinks/notices/notice-rule.ts';
import type { SavedNotices } from '../../src/sinks/notices/saved-notices.ts';
import { ManualClock } from './manual-clock.ts';

/** Milliseconds. */
export const minute = 60_000;

/** A typical rule: a node that is away for two minutes, unless it sleeps. */
export const awayRule: NoticeRule = {
  name: 'away',
  when: 'leaves',
  who: 'mode:node',
  for: '2m',
  unless: ['slept'],
};

/** An engine of notices on a real roster, with a manual clock. */
export function noticeFixture(
  rules: readonly NoticeRule[],
  saved?: SavedNotices,
  clock: ManualClock = new ManualClock(),
) {
  let ids = 0;
  const engine = new NoticeEngine({ rules: compileRules(rules), newId: () => `id-${++ids}` });
  const roster = createRoster({ ttlMs: 60 * minute, maxEntries: 10_000 });
  const sent: Notice[] = [...engine.start(roster.views(clock.now()), clock.now(), saved)];
  const take = (changes: readonly Change[]): void => void sent.push(...engine.take(changes, clock.now()));
  return {
    engine,
    clock,
    sent,
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
      sent.push(...engine.advance(clock.now()));
    },
    states: () => sent.map(({ rule, subject, state }) => `${rule} ${subject.key} ${state}`),
  };
}

export type NoticeFixture = ReturnType<typeof noticeFixture>;
