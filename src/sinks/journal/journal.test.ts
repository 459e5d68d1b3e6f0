import { describe, expect, it } from 'vitest';
import { createRosterFixture, type RosterFixture } from '../../../test/harness/roster-fixture.ts';
import { selfFacts } from '../../../test/harness/roster-steps.ts';
import type { Cause, Change, RosterOptions } from '../../core/index.ts';
import type { Recorded } from './entry-writer.ts';
import { Journal, type JournalRules } from './journal.ts';
import { type JournalEntry, publicEntry } from './journal-entry.ts';

const rules: JournalRules = { maxEntries: 100, maxAgeMs: 3_600_000, flappingLeaves: 5, flappingMs: 600_000 };

/** A roster and its journal, which records what the words of the fixture return. */
function fixture(options: Partial<JournalRules> = {}, roster: RosterOptions = {}) {
  const rosterFixture: RosterFixture = createRosterFixture(roster);
  const { clock } = rosterFixture;
  rosterFixture.roster.setSelf(selfFacts, clock.now());
  const journal = new Journal({ ...rules, ...options }, { sinceMs: clock.wallMs });
  journal.start(rosterFixture.roster.views(clock.now()), clock.now());
  const record = (changes: readonly Change[]): readonly JournalEntry[] =>
    entriesOf(journal.record(changes, clock.now()));
  const close = (id: string, cause?: Cause) =>
    record(rosterFixture.roster.disconnect(id, clock.now(), cause));
  return { ...rosterFixture, journal, record, close };
}

function entriesOf(recorded: Recorded): readonly JournalEntry[] {
  return recorded.flatMap((item) => ('step' in item ? [] : [publicEntry(item)]));
}

const inShort = ({ kind, key, cause }: JournalEntry): string =>
  [kind, key, cause?.code, cause?.evidence].filter((part) => part !== undefined).join(' ');

describe('Journal', () => {
  it('[PJ2] begins with the start of the gateway', () => {
    const { journal } = fixture();
    const [start] = Array.from(journal.after(0), publicEntry);
    expect(start).toMatchObject({ id: 1, kind: 'gateway-started', key: 'gw', host: 'gate' });
  });

  it('[PJ2] [PJ3] records who joined, left, returned and was removed, and why', () => {
    const { connect, close, record, clock, wait } = fixture();
    expect(record(connect('c1', { instanceId: 'A', host: 'mac' })).map(inShort)).toEqual([
      'joined a connected',
    ]);
    expect(close('c1', { code: 'closed', evidence: 'code 1000' }).map(inShort)).toEqual([
      'left a closed code 1000',
    ]);
    clock.advance(42_000);
    expect(record(connect('c2', { instanceId: 'A', host: 'mac' })).map(inShort)).toEqual([
      'returned a reconnected after 42 s',
    ]);
    close('c2', { code: 'reset' });
    expect(record(wait(300_001)).map(inShort)).toEqual(['removed a expired no renewal for 300 s']);
    expect(record(connect('c3', { instanceId: 'a' })).map(inShort)).toEqual([
      'returned a reconnected after 300 s',
    ]);
  });

  it('[PJ2] records what changed, and the values before', () => {
    const { connect, record } = fixture();
    record(connect('c1', { instanceId: 'a', version: '1' }));
    const [changed] = record(connect('c2', { instanceId: 'a', version: '2' }));
    expect(changed).toMatchObject({ kind: 'changed', previous: { version: '1' }, current: { version: '2' } });
  });

  it('[PJ2] a last connection closes at one of several gateways: the facts of the other are recorded', () => {
    const { connect, journal, record, view, clock } = fixture();
    record(connect('c1', { instanceId: 'a', version: '1' }));
    const left = {
      ...view('a'),
      connections: 0,
      disconnectedAtMs: clock.wallMs,
      version: '2',
      gateways: ['b'],
    };
    const [entry] = record([{ kind: 'upsert', key: 'a', view: left, trigger: 'disconnect', version: 9 }]);
    expect(entry).toMatchObject({ kind: 'left', previous: { version: '1' }, current: { version: '2' } });
    expect(journal.at(clock.wallMs)?.get('a')?.row.version).toBe('2');
  });

  it('[PJ2] renewals, last input, load and texts are no entries', () => {
    const { connect, beacon, record, roster, clock } = fixture();
    record(connect('c1', { instanceId: 'a' }));
    expect(
      record(beacon({ instanceId: 'a', lastInputSeconds: 3, reason: 'periodic', text: 'busy' })),
    ).toEqual([]);
    roster.renew('c1', 3, clock.advance(1_000));
    expect(record(roster.publishRenewals(clock.now()))).toEqual([]);
  });

  it('[PJ2] the name of the one gateway that holds a row is no entry, a second one is', () => {
    const { connect, record } = fixture();
    const [joined] = connect('c1', { instanceId: 'a' });
    if (joined?.kind !== 'upsert') throw new Error('nothing joined');
    record([joined]);
    const { view } = joined;
    const heldBy = (...gateways: string[]): Change => ({
      ...{ ...joined, trigger: 'replicated', previous: view },
      view: { ...view, gateways },
    });
    expect(record([heldBy('gate')])).toEqual([]);
    expect(record([heldBy('gate', 'home')])).toMatchObject([
      { kind: 'changed', current: { gateways: ['gate', 'home'] } },
    ]);
  });

  it('[PJ2] [PJ3] a takeover by a new instance id of the device is one entry', () => {
    const { connect, close, record } = fixture();
    const device = { deviceId: 'd', mode: 'webchat' };
    record(connect('c1', { ...device, instanceId: 'old' }));
    close('c1', { code: 'closed' });
    const entries = record(connect('c2', { ...device, instanceId: 'new' }));
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ kind: 'returned', key: 'new', previous: { key: 'old' } });
  });

  it('[PJ3] a departure that was not announced has the moment of the last sign of life', () => {
    const { connect, close, record, clock } = fixture();
    record(connect('c1', { instanceId: 'a' }));
    record(connect('c2', { instanceId: 'b' }));
    const seenMs = clock.wallMs;
    clock.advance(50_000);
    const [lost] = close('c1', { code: 'connection-lost', evidence: 'no answer to pings for 50 s' });
    expect(lost).toMatchObject({ kind: 'left', lastSeenMs: seenMs });
    expect(close('c2', { code: 'closed' })[0]).not.toHaveProperty('lastSeenMs');
  });

  it('[PJ3] a gateway out of reach is an entry, and its rows change with it', () => {
    const { connect, record, view, beacon } = fixture();
    record(connect('c1', { instanceId: 'a' }));
    record(beacon({ instanceId: 'g2' }));
    const lost = (key: string, mode: string): Change => {
      const row = {
        ...view(key),
        mode,
        reason: mode === 'gateway' ? 'self' : 'connect',
        unreachableSinceMs: 1,
      };
      return { kind: 'upsert', key, view: row, trigger: 'replicated', version: 9 };
    };
    expect(record([lost('g2', 'gateway')]).map(inShort)).toEqual([
      'gateway-unreachable g2 gateway-unreachable',
    ]);
    const [changed] = record([lost('a', 'ui')]);
    expect(changed).toMatchObject({
      kind: 'changed',
      cause: { code: 'gateway-unreachable' },
      previous: { state: 'online' },
      current: { state: 'unreachable' },
    });
  });

  it('[PJ5] holds no more than its bounds, and states since when it is complete', () => {
    const { connect, close, record, journal, clock } = fixture({ maxEntries: 4 });
    expect(journal.knownSinceMs).toBe(clock.wallMs);
    for (let index = 0; index < 6; index += 1) {
      clock.advance(1_000);
      record(connect(`c${index}`, { instanceId: `i${index}` }));
    }
    expect(journal.size).toBe(4);
    expect(journal.oldestId).toBe(4);
    const droppedAtMs = clock.wallMs - 4_000;
    expect(journal.knownSinceMs).toBe(droppedAtMs);
    expect(journal.at(droppedAtMs - 1)).toBeUndefined();
    expect([...(journal.at(droppedAtMs)?.keys() ?? [])]).toEqual(['gw', 'i0', 'i1']);
    clock.advance(rules.maxAgeMs + 1);
    close('c1');
    expect(journal.size).toBe(1);
  });

  it('[PJ5] forgets an instance with its last entry', () => {
    const { connect, close, record, journal } = fixture({ maxEntries: 4 });
    for (let index = 0; index < 50; index += 1) {
      record(connect(`c${index}`, { instanceId: `i${index}`, mode: 'probe' }));
      close(`c${index}`);
    }
    // The gateway, and the two instances of the four entries.
    expect([...journal.known()]).toHaveLength(3);
    expect(journal.base.size).toBe(1);
  });

  it('[PJ6] five departures within ten minutes are one entry that counts', () => {
    const { connect, close, record, journal, clock } = fixture();
    const kinds: string[] = [];
    const toggle = (): void => {
      kinds.push(...record(connect('c', { instanceId: 'a' })).map(({ kind }) => kind));
      clock.advance(1_000);
      kinds.push(...close('c', { code: 'reset' }).map(({ kind }) => kind));
      clock.advance(1_000);
    };
    for (let count = 0; count < 9; count += 1) toggle();
    expect(kinds.slice(-2)).toEqual(['returned', 'flapping']);
    expect(kinds.filter((kind) => kind === 'flapping')).toHaveLength(1);
    const newest = [...journal.newestFirst()].map(publicEntry)[0];
    expect(newest).toMatchObject({ kind: 'flapping', count: 9, cause: { code: 'reset' } });
    toggle();
    expect(kinds.at(-1)).toBe('flapping');
    for (let count = 0; count < 90; count += 1) toggle();
    expect(kinds.filter((kind) => kind === 'flapping')).toHaveLength(5);
    clock.advance(600_000);
    toggle();
    expect(kinds.slice(-2)).toEqual(['returned', 'left']);
  });

  it('[PJ2] a journal that goes on after a restart records who is not listed any more, and who returns', () => {
    const first = fixture();
    first.record(first.connect('c1', { instanceId: 'a' }));
    first.record(first.connect('c2', { instanceId: 'b' }));
    first.close('c2', { code: 'gateway-restart', evidence: 'gateway stopping' });
    const { roster, clock, connect } = createRosterFixture();
    roster.setSelf(selfFacts, clock.now());
    clock.advance(10_000);
    const { journal } = first;
    const started = entriesOf(
      journal.start(roster.views(clock.now()), clock.now(), 'the run before did not end by itself'),
    );
    expect(started.map(inShort)).toEqual([
      'gateway-started gw gateway-restart the run before did not end by itself',
      'removed a gateway-restart not listed after its gateway started',
      'removed b gateway-restart not listed after its gateway started',
    ]);
    clock.advance(2_000);
    const back = entriesOf(journal.record(connect('c1', { instanceId: 'b' }), clock.now()));
    expect(back.map(inShort)).toEqual(['returned b reconnected after 12 s, its gateway restarted']);
  });
});
