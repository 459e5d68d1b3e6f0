import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { InstanceView } from '../../core/index.ts';
import { UpstreamList } from './upstream-list.ts';

const theirNowMs = 1_795_888_385_132;
const ourNowMs = theirNowMs + 3_600_000;
const moment = { offsetMs: 3_600_000, nowMs: ourNowMs };

/** As a gateway of 2026.9.6 lists itself. */
const self = {
  host: 'vm',
  ip: '192.0.2.2',
  version: '2026.9.6',
  platform: 'linux 6.18.44',
  deviceFamily: 'Linux',
  mode: 'gateway',
  reason: 'self',
  instanceId: '8d60adad-18f4-4d48-bb32-e9bacbd6174e',
  text: 'Gateway: vm (192.0.2.2) · app 2026.9.6 · mode gateway · reason self',
  ts: theirNowMs,
};
const nodeId = 'e9fa09649f2db47d5a21b2fd20fc5a4f7a176414203075dce63a6aac6d2a4cc4';
const nodeRow = {
  host: 'NodeA',
  clientId: 'node-host',
  version: '2026.9.6',
  mode: 'node',
  deviceId: nodeId,
  instanceId: nodeId,
  roles: ['node'],
  reason: 'connect',
  ts: theirNowMs - 20_000,
};
const node = {
  nodeId,
  displayName: 'NodeA',
  platform: 'linux',
  version: '2026.9.6',
  clientMode: 'node',
  connected: true,
  connectedAtMs: theirNowMs - 100_000,
  lastActiveAtMs: theirNowMs - 30_000,
  presenceUpdatedAtMs: theirNowMs - 10_000,
  hostStats: { cpuCount: 2, memoryTotalBytes: 100, memoryFreeBytes: 50, updatedAtMs: theirNowMs - 15_000 },
};

function list(entries: unknown, nodes: readonly unknown[] = []): UpstreamList {
  const made = new UpstreamList({ name: 'home', ttlMs: 300_000, maxRows: 200, ownIds: new Set(['own-id']) });
  made.takeEntries(entries);
  made.takeNodes({ nodes });
  return made;
}

const rowsOf = (entries: unknown, nodes: readonly unknown[] = []): readonly InstanceView[] =>
  list(entries, nodes).changes(moment).upsert;

const keysOf = (rows: readonly InstanceView[]): string[] => rows.map(({ key }) => key);

describe('the rows of an OpenClaw gateway', () => {
  it('[PU9] the gateway has a key of its name, and keeps it when it restarts under a new instanceId', () => {
    const home = list([self]);
    expect(home.changes(moment).upsert).toMatchObject([{ key: 'gateway:home', host: 'vm', self: true }]);
    home.takeEntries([{ ...self, instanceId: 'another' }]);
    expect(home.changes(moment)).toMatchObject({
      upsert: [{ key: 'gateway:home', instanceId: 'another' }],
      remove: [],
    });
  });

  it('[PU2] a gateway whose clock is an hour behind has rows of our time', () => {
    const [, row] = rowsOf([self, nodeRow]);
    expect(row?.ts).toBe(ourNowMs - 20_000);
  });

  it('[PU2] nothing lies in our future', () => {
    const [, row] = rowsOf([self, { ...nodeRow, ts: theirNowMs + 90_000 }]);
    expect(row?.ts).toBe(ourNowMs);
  });

  it.each([
    ['no ts', { ...nodeRow, ts: undefined }, []],
    ['a ts of text', { ...nodeRow, ts: 'soon' }, []],
    ['null', null, []],
    ['a number', 7, []],
    ['nobody', { ts: theirNowMs, reason: 'connect' }, []],
    ['a float', { ...nodeRow, ts: theirNowMs - 20_000.4 }, [nodeId]],
    ['null fields', { ...nodeRow, host: null, roles: null, tags: [1, 'a', null] }, [nodeId]],
    ['a long host', { ...nodeRow, host: 'x'.repeat(300) }, [nodeId]],
    ['unknown fields', { ...nodeRow, user: { name: 'x' }, watchedSessions: [1] }, [nodeId]],
  ])('[PU1] %s costs that field or that row', (_, odd, keys) => {
    const other = { host: 'b', instanceId: 'b', reason: 'connect', ts: theirNowMs - 60_000 };
    expect(keysOf(rowsOf([self, odd, other]))).toEqual(['gateway:home', ...keys, 'b']);
  });

  it('[PU1] keeps the valid fields of an invalid row', () => {
    const [, row] = rowsOf([
      self,
      { ...nodeRow, host: 'x'.repeat(300), lastInputSeconds: 4.9, tags: ['a', 1] },
    ]);
    expect(row).toMatchObject({ lastInputSeconds: 4, tags: ['a'], version: '2026.9.6' });
    expect(row).not.toHaveProperty('host');
    expect(row).not.toHaveProperty('clientId');
  });

  it('[PU4] a live entry beats one of a past connection, and connections are counted', () => {
    const live = { host: 'ui', instanceId: 'A', reason: 'connect', mode: 'ui', ts: theirNowMs - 5_000 };
    const past = { ...live, instanceId: 'a', reason: 'disconnect', ts: theirNowMs - 1_000 };
    const [, row, ...more] = rowsOf([past, self, live, { ...live, ts: theirNowMs - 9_000 }]);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ key: 'a', connections: 2, reason: 'connect', ts: ourNowMs - 5_000 });
    expect(row).not.toHaveProperty('disconnectedAtMs');
  });

  it('[PU4] a beacon joins the row of its instance and its input is dated by the newest ts', () => {
    const live = { host: 'mac', instanceId: 'm', reason: 'connect', mode: 'ui', ts: theirNowMs - 1_000 };
    const beacon = { ...live, reason: 'periodic', lastInputSeconds: 10, ts: theirNowMs - 61_000 };
    const [, row] = rowsOf([self, beacon, live]);
    expect(row).toMatchObject({ connections: 1, lastInputSeconds: 70, reason: 'connect' });
  });

  it('[PU4] an entry with a deviceId alone is the instance of that device; the past of a reloaded page is dropped', () => {
    const page = {
      host: 'ui',
      deviceId: 'D',
      instanceId: 'new',
      mode: 'webchat',
      reason: 'connect',
      ts: theirNowMs,
    };
    const before = { ...page, instanceId: 'old', reason: 'disconnect', ts: theirNowMs - 9_000 };
    const beacon = { deviceId: 'd', reason: 'periodic', tags: ['x'], ts: theirNowMs - 3_000 };
    expect(rowsOf([self, page, before, beacon]).slice(1)).toMatchObject([{ key: 'new', tags: ['x'] }]);
  });

  it('[PU4] connections without any id are rows of that gateway alone', () => {
    const nameless = { host: 'gateway-client', reason: 'connect', ts: theirNowMs - 1_000 };
    const rows = rowsOf([self, nameless, { ...nameless, ts: theirNowMs - 2_000 }]);
    expect(new Set(keysOf(rows))).toEqual(
      new Set(['gateway:home', 'home:gateway-client', 'home:gateway-client#2']),
    );
  });

  it('[PU5] last input and host stats of a node come from node.list', () => {
    const [, row] = rowsOf([self, nodeRow], [node]);
    expect(row).toMatchObject({
      key: nodeId,
      connections: 1,
      ts: ourNowMs - 10_000,
      lastInputSeconds: 20,
      connectedAtMs: ourNowMs - 100_000,
      hostStats: { cpuCount: 2, memoryTotalBytes: 100, memoryFreeBytes: 50 },
      sources: { lastInputSeconds: 'node-event' },
    });
  });

  it('[PU5] a node that is connected is listed although the list has no row of it, or a past one', () => {
    expect(rowsOf([self], [node])[1]).toMatchObject({ key: nodeId, host: 'NodeA', connections: 1 });
    const [, row] = rowsOf([self, { ...nodeRow, reason: 'disconnect' }], [node]);
    expect(row).toMatchObject({ connections: 1, reason: 'connect' });
    expect(rowsOf([self], [{ ...node, connected: false }])).toHaveLength(1);
  });

  it('[PU5] events about a node change its row, and nothing else', () => {
    const home = list([self, nodeRow], [node]);
    home.changes(moment);
    const news = { nodeId, lastActiveAtMs: theirNowMs - 1_000, presenceUpdatedAtMs: theirNowMs - 1_000 };
    expect(home.takeNodeEvent('node.presence', news)).toBe('taken');
    expect(home.changes(moment).upsert).toMatchObject([{ key: nodeId, lastInputSeconds: 0 }]);
    expect(home.takeNodeEvent('node.presence', { nodeId: 'unknown' })).toBe('unlisted');
    const stats = { cpuCount: 2, memoryTotalBytes: 100, memoryFreeBytes: 10, updatedAtMs: theirNowMs };
    expect(home.takeNodeEvent('node.hostStats', { nodeId, hostStats: stats })).toBe('taken');
    expect(home.changes(moment).upsert).toMatchObject([{ hostStats: { memoryFreeBytes: 10 } }]);
  });

  it('[PU3] a row without a connection expires by our time although no client lists', () => {
    const past = { ...nodeRow, reason: 'disconnect', ts: theirNowMs - 299_000 };
    const home = list([self, past]);
    home.changes(moment);
    expect(home.nextExpiryMs()).toBe(ourNowMs + 1_001);
    expect(home.changes({ ...moment, nowMs: ourNowMs + 1_000 }).remove).toEqual([]);
    expect(home.changes({ ...moment, nowMs: ourNowMs + 1_001 }).remove).toEqual([nodeId]);
  });

  it('[PU11] does not list ourselves', () => {
    expect(rowsOf([self, { ...nodeRow, deviceId: undefined, instanceId: 'OWN-ID' }])).toHaveLength(1);
  });

  it('[PU10] lists no more rows than fit: the newest', () => {
    const small = new UpstreamList({ name: 'home', ttlMs: 300_000, maxRows: 3, ownIds: new Set() });
    const entry = (age: number) => ({ instanceId: `i${age}`, reason: 'connect', ts: theirNowMs - age });
    small.takeEntries([self, entry(1), entry(2), entry(3), entry(4)]);
    expect(keysOf(small.changes(moment).upsert)).toEqual(['gateway:home', 'i1', 'i2']);
  });

  it('publishes no row that was only renewed a little, and publishes it before it looks old', () => {
    const home = list([self, nodeRow]);
    home.changes(moment);
    home.takeEntries([self, { ...nodeRow, ts: nodeRow.ts + 25_000 }]);
    expect(home.changes({ ...moment, nowMs: ourNowMs + 25_000 })).toEqual({ upsert: [], remove: [] });
    home.takeEntries([self, { ...nodeRow, ts: nodeRow.ts + 50_000 }]);
    expect(keysOf(home.changes({ ...moment, nowMs: ourNowMs + 50_000 }).upsert)).toContain(nodeId);
  });

  it.each([[undefined], [null], [{}], ['x'], [7]])('[PU1] %j is no list and changes nothing', (value) => {
    const home = list([self, nodeRow]);
    home.changes(moment);
    expect(home.takeEntries(value)).toBe(false);
    expect(home.changes(moment)).toEqual({ upsert: [], remove: [] });
  });
});

const id = fc.constantFrom('A', 'a', 'b ', 'c', undefined, null, 7, '');
const entry = fc.record(
  {
    instanceId: id,
    deviceId: id,
    host: fc.constantFrom('h', 'H', 'other', undefined, {}),
    mode: fc.constantFrom('ui', 'node', 'gateway', undefined),
    reason: fc.constantFrom('connect', 'disconnect', 'periodic', 'self', undefined, 3),
    lastInputSeconds: fc.constantFrom(1, 2.5, -1, null, Number.NaN, undefined),
    ts: fc.oneof(
      fc.integer({ min: theirNowMs - 400_000, max: theirNowMs + 5_000 }),
      fc.constantFrom(null, 'x', 1.5),
    ),
  },
  { requiredKeys: [] },
);
const entries = fc.array(fc.oneof({ weight: 9, arbitrary: entry }, { weight: 1, arbitrary: fc.anything() }), {
  maxLength: 12,
});
const nodes = fc.array(
  fc.record(
    {
      nodeId: id,
      displayName: fc.constantFrom('n', undefined),
      connected: fc.boolean(),
      lastActiveAtMs: fc.integer({ min: theirNowMs - 9_000, max: theirNowMs }),
      hostStats: fc.constantFrom(undefined, {}, node.hostStats),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 4 },
);

describe('whatever a gateway lists', () => {
  it('[PU1] [PU4] every row is whole, keys are unique, and the order of the list does not matter', () => {
    fc.assert(
      fc.property(entries, nodes, fc.infiniteStream(fc.nat()), (listed, known, places) => {
        const rows = rowsOf(listed, known);
        expect(new Set(keysOf(rows)).size).toBe(rows.length);
        for (const row of rows) {
          expect(Number.isSafeInteger(row.ts) && row.ts <= ourNowMs && row.ts >= 0).toBe(true);
          expect(row.lastInputSeconds ?? 0).toSatisfy(
            (seconds: number) => Number.isInteger(seconds) && seconds >= 0,
          );
          expect(
            Object.values(row).every((value) => value !== null && value !== '' && value !== undefined),
          ).toBe(true);
          expect(row.connections === 0 || row.disconnectedAtMs === undefined).toBe(true);
        }
        const shuffled = listed
          .map((item) => [places.next().value, item] as const)
          .sort((a, b) => a[0] - b[0]);
        const again = rowsOf(
          shuffled.map(([, item]) => item),
          known,
        );
        if (listed.filter(isSelf).length < 2) expect(again).toEqual(rows);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PU4] the changes of any two readings make the first list the second', () => {
    fc.assert(
      fc.property(entries, entries, nodes, (first, second, known) => {
        const home = list(first, known);
        const before = new Map(home.changes(moment).upsert.map((row) => [row.key, row]));
        home.takeEntries(second);
        const { upsert, remove } = home.changes(moment);
        for (const key of remove) expect(before.delete(key)).toBe(true);
        for (const row of upsert) before.set(row.key, row);
        const read = rowsOf(second, known);
        expect(new Set(before.keys())).toEqual(new Set(keysOf(read)));
        expect(new Set(home.published.keys())).toEqual(new Set(before.keys()));
        for (const row of read) expect(lastingOf(before.get(row.key))).toEqual(lastingOf(row));
      }),
      { numRuns: propertyRuns() },
    );
  });
});

/** What two readings have in common: not moments, which may differ a little, and not the cause, which follows from both. */
const passing = new Set([
  'ts',
  'firstSeenAtMs',
  'connectedAtMs',
  'disconnectedAtMs',
  'lastInputSeconds',
  'cause',
]);

function lastingOf(row: InstanceView | undefined): object {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !passing.has(name)));
}

function isSelf(item: unknown): boolean {
  const { mode, reason } = (item ?? {}) as { mode?: unknown; reason?: unknown };
  return mode === 'gateway' && reason === 'self';
}
