import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { createRoster, silentLogger } from '../../core/index.ts';
import type { JournalReader, RosterLists } from '../../sinks/index.ts';
import type { Caller } from '../access/caller.ts';
import { NewInstances } from '../access/new-instances.ts';
import { Presence } from '../presence/presence.ts';
import { nodeEvent } from './node-event.ts';
import type { OperationContext, ReplyNowOrLater } from './operation.ts';
import { presenceActivity } from './presence-activity.ts';

const roster = createRoster();
const clock = new ManualClock();
const presence = new Presence({ roster, epoch: 'e', clock, renewalMs: 60_000, logger: silentLogger });
const { writer } = presence;
const context: OperationContext = {
  presence: presence.readerFor('test'),
  writer,
  lists: {} as RosterLists,
  version: '1',
  connections: () => ({ connected: 0, awaitingConnect: 0 }),
  newInstances: new NewInstances({ maxNewInstancesPerMinute: 0, nowMonoMs: () => 0 }),
  sharedInstances: () => [],
  disconnect: () => 0,
  uptimeMs: () => 0,
  effectiveSettings: {},
  clusterStatus: () => undefined,
  gateways: () => [],
  journal: {} as JournalReader,
  annotate: () => undefined,
  notices: { status: () => ({ enabled: false }), acknowledge: () => undefined, mute: () => undefined },
};
const caller = (connectionId: string | undefined): Caller => ({
  connectionId,
  role: 'operator',
  scopes: ['operator.admin'],
  deviceId: undefined,
  credential: 'token',
});

describe.each<[string, (caller: Caller) => ReplyNowOrLater]>([
  ['presence.activity', (who) => presenceActivity.call({ idleSeconds: 1 }, who, context)],
  [
    'node.event',
    (who) => nodeEvent.call({ event: 'node.presence.activity', payload: { idleSeconds: 1 } }, who, context),
  ],
])('%s', (_, report) => {
  it('[PR9] is answered when it is stored', () => {
    writer.connect({ connectionId: 'c1', facts: { instanceId: 'a' }, role: 'operator', scopes: [] });
    expect(report(caller('c1'))).toMatchObject({ ok: true });
    expect(roster.view('a', clock.now())).toMatchObject({ lastInputSeconds: 1 });
    writer.disconnect('c1');
  });

  it.each([
    ['has no connection', undefined],
    ['has one that is not live any more', 'gone'],
  ])('[PR9] [PW10] is refused, not answered as if it were stored, when the caller %s', (__, connectionId) => {
    expect(report(caller(connectionId))).toMatchObject({
      ok: false,
      error: { code: 'FORBIDDEN', details: { code: 'FOREIGN_ROW' } },
    });
  });
});
