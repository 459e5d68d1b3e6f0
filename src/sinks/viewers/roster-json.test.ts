import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { textOf } from '../../../test/harness/socket-pair.ts';
import { createRoster, type InstanceView, type PresenceEntry } from '../../core/index.ts';
import { FragmentCache, joinFragments, RosterLists } from './roster-json.ts';

function fixture() {
  const clock = new ManualClock();
  const roster = createRoster();
  const lists = new RosterLists({
    get version() {
      return roster.version;
    },
    list: () => roster.views(clock.now()),
  });
  return {
    clock,
    roster,
    lists,
    self: () => roster.setSelf({ instanceId: 'gw', host: 'gate' }, clock.now()),
    beacon: (instanceId: string) => roster.beacon({ facts: { instanceId, text: 'x' } }, clock.now()),
    entries: () => JSON.parse(textOf(lists.entries())) as PresenceEntry[],
    views: () => JSON.parse(textOf(lists.views())) as InstanceView[],
  };
}

const ids = (rows: readonly PresenceEntry[]): (string | undefined)[] =>
  rows.map(({ instanceId }) => instanceId);

describe('RosterLists', () => {
  it('[PW6] self first, then newest first, for entries and views', () => {
    const { self, beacon, entries, views } = fixture();
    self();
    beacon('a');
    beacon('b');
    expect(ids(entries())).toEqual(['gw', 'b', 'a']);
    expect(ids(views())).toEqual(['gw', 'b', 'a']);
  });

  it('[PF1] [PF3] entries are strict, views say more', () => {
    const { self, beacon, entries, views } = fixture();
    self();
    beacon('a');
    expect(entries()[1]).toEqual({ instanceId: 'a', text: 'x', ts: Date.UTC(2026, 0, 1) });
    expect(views()[1]).toMatchObject({ key: 'a', connections: 0, sources: { text: 'beacon' } });
  });

  it('[PR2] the own row is fresh at every reading, the others are not', () => {
    const { self, beacon, entries, clock } = fixture();
    self();
    beacon('a');
    const before = entries();
    clock.advance(5_000);
    const after = entries();
    expect(after[0]?.ts).toBe((before[0]?.ts ?? 0) + 5_000);
    expect(after[1]).toEqual(before[1]);
  });

  it('[PW6] is right with nobody, with the gateway alone, and with others alone', () => {
    const { self, beacon, entries, views } = fixture();
    expect(entries()).toEqual([]);
    expect(views()).toEqual([]);
    beacon('a');
    expect(ids(entries())).toEqual(['a']);
    const alone = fixture();
    alone.self();
    expect(ids(alone.views())).toEqual(['gw']);
    self();
    expect(ids(entries())).toEqual(['gw', 'a']);
  });

  it('[PW7] every version has its own list; of one version it is made once', () => {
    const { roster, beacon, entries, lists, clock } = fixture();
    beacon('a');
    const first = lists.entries();
    expect(lists.entries()[1]).toBe(first[1]);
    beacon('b');
    expect(ids(entries())).toEqual(['b', 'a']);
    clock.advance(300_001);
    expect(ids(entries())).toEqual(['b', 'a']);
    roster.sweep(clock.now());
    expect(entries()).toEqual([]);
  });

  it('[PW6] after a change only the front of a list is joined anew, and the end is the one before', () => {
    const { beacon, lists, entries } = fixture();
    for (let row = 0; row < 8; row += 1) beacon(`row-${row}`);
    const [, whole] = lists.entries();
    beacon('row-6');
    const [, front, , end] = lists.entries();
    expect(ids(entries())).toEqual(['row-6', 'row-7', ...[5, 4, 3, 2, 1, 0].map((row) => `row-${row}`)]);
    expect((front as Uint8Array).length).toBeLessThan((end as Uint8Array).length / 2);
    expect((end as Uint8Array).buffer).toBe((whole as Uint8Array).buffer);
  });

  it('[PW6] [PF3] always says what the rows say, whatever changes between two readings', () => {
    const change = fc.oneof(
      { weight: 6, arbitrary: fc.record({ beacon: fc.integer({ min: 0, max: 30 }) }) },
      { weight: 2, arbitrary: fc.record({ advanceMs: fc.constantFrom(1_000, 100_000) }) },
      { weight: 1, arbitrary: fc.constant('self' as const) },
      { weight: 3, arbitrary: fc.constant('encode' as const) },
      { weight: 4, arbitrary: fc.constant('read' as const) },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const { clock, roster, lists, self, beacon, entries, views } = fixture();
        for (const item of changes) {
          if (item === 'self') self();
          else if (item === 'encode') for (const row of roster.views(clock.now())) lists.view(row);
          else if (item === 'read') {
            expect(views()).toEqual([...roster.views(clock.now())]);
            expect(ids(entries())).toEqual(views().map(({ key }) => key));
          } else if ('beacon' in item) beacon(`row-${item.beacon}`);
          else {
            clock.advance(item.advanceMs);
            roster.sweep(clock.now());
          }
        }
      }),
    );
  });
});

const view: InstanceView = {
  key: 'a',
  host: 'a "quoted" näme',
  ts: 5,
  connections: 1,
  firstSeenAtMs: 1,
  rttMs: 3,
  sources: { host: 'beacon' },
};

const text = (fragment: Uint8Array): string => Buffer.from(fragment).toString();

describe('FragmentCache', () => {
  it('[PF1] [PF3] an entry is the strict fields, a view is everything', () => {
    const fragments = new FragmentCache();
    expect(JSON.parse(text(fragments.entry(view)))).toEqual({ host: view.host, ts: 5 });
    expect(JSON.parse(text(fragments.view(view)))).toEqual(view);
  });

  it('[PE2] makes JSON once for each view', () => {
    const fragments = new FragmentCache();
    let made = 0;
    const counted = { ...view, toJSON: () => ({ made: ++made }) } as unknown as InstanceView;
    expect(text(fragments.view(counted))).toBe('{"made":1}');
    expect(text(fragments.view(counted))).toBe('{"made":1}');
    expect(text(fragments.view({ ...counted }))).toBe('{"made":2}');
  });
});

describe('joinFragments', () => {
  it.each([[[]], [['{}']], [['{"a":1}', '{"b":"ä"}', '{}']]])('[PW6] puts commas between %j', (fragments) => {
    expect(text(joinFragments(fragments.map((fragment) => Buffer.from(fragment))))).toBe(fragments.join(','));
  });
});
