import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { ClientState, Instance, RosterSnapshot } from '../../client/index.ts';
import { drawFrame, type FrameOptions, overviewRows } from './frame.ts';
import { noNews } from './news.ts';
import { surveyOf } from './overview.ts';
import { firstView } from './view-state.ts';
import { WatchedRows } from './watched-rows.ts';

const nowMs = new Date(2026, 0, 2, 13, 14, 15).getTime();
const rows: readonly Instance[] = [
  {
    key: 'gw',
    host: 'vm',
    mode: 'gateway',
    ip: '192.0.2.1',
    version: '1.0',
    reason: 'self',
    ts: nowMs,
    self: true,
  },
  {
    key: 'desk',
    host: '東京-desk',
    mode: 'ui',
    ip: '192.0.2.2',
    modelIdentifier: 'Mac15,3',
    reason: 'periodic',
    lastInputSeconds: 30,
    ts: nowMs - 130_000,
    connections: 2,
    sources: { reason: 'beacon', lastInputSeconds: 'beacon' },
    hostStats: { cpuCount: 8, memoryTotalBytes: 2 ** 34, memoryFreeBytes: 3 * 2 ** 29 },
  },
  { key: 'old', host: 'attic', reason: 'disconnect', ts: nowMs - 400_000 },
];
const connected: ClientState = {
  phase: 'connected',
  sinceMs: nowMs,
  connectionId: 'c',
  serverVersion: '1.0',
  protocol: 4,
  role: 'operator',
  scopes: ['operator.read'],
  feed: 'delta',
};
const live: RosterSnapshot = { instances: rows, version: 1, nowMs, live: true };

/** Input of a frame in a test; the rows of the view come from the roster. */
type Changes = Partial<Omit<FrameOptions, 'roster' | 'rows'>> & {
  readonly roster?: RosterSnapshot;
  readonly past?: readonly Instance[];
};

const optionsOf = ({ roster = live, past = [], ...changes }: Changes = {}): FrameOptions => {
  const { view = firstView, serverNowMs = nowMs, size } = changes;
  const watched = new WatchedRows();
  const sections = { unfolded: view.unfolded, past, leavesOf: () => 0 };
  const hasSections = (size?.rows ?? 0) >= overviewRows;
  watched.read(
    roster.instances,
    { ...view, sections: hasSections ? sections : undefined },
    roster.asOfMs ?? serverNowMs,
  );
  return {
    view,
    link: connected,
    roster,
    rows: watched,
    get: (key) => roster.instances.find((row) => row.key === key),
    timeline: { phase: 'loading' },
    news: noNews(undefined, serverNowMs),
    survey: surveyOf(roster.instances, roster.asOfMs ?? serverNowMs),
    target: { url: 'ws://gw:1' },
    size: { columns: 110, rows: 8 },
    serverNowMs,
    localNowMs: nowMs,
    paint: (_, text) => text,
    ...changes,
  };
};
const draw = (changes?: Changes): readonly string[] => drawFrame(optionsOf(changes)).lines;

describe('the list', () => {
  it('[PS4] [PS5] shows names first, the state by word and shape, last input that ticks, and who is gone', () => {
    expect(draw()).toEqual([
      `rollcall  ● connected  ws://gw:1${' '.repeat(68)}  13:14:15`,
      '1 online, 1 idle, 1 disconnected  ·  by name',
      '  NAME ▼            STATE               KIND         IP         VERSION  LAST INPUT    LAST SEEN    CONN',
      expect.stringMatching(/^› vm {16}● online {12}Gateway {6}192\.0\.2\.1 .* 0s ago *$/),
      expect.stringMatching(/^ {2}attic {13}✕ disconnected 6m .* 6m 40s ago/),
      expect.stringMatching(
        /^ {2}東京-desk {9}◐ idle 2m {11}Desktop app {2}192.* 2m 40s ago {4}2m 10s ago {3}2$/,
      ),
      '',
      expect.stringMatching(
        /^q quit {2}\? help {2}Enter details {2}\/ filter {2}s sort {2}t timeline {2}n notices *$/,
      ),
    ]);
  });

  it('[PS2] computes ages by the clock of the gateway, not by that of this computer', () => {
    expect(draw({ localNowMs: nowMs + 9_999_999 })).toEqual(draw());
    expect(draw({ serverNowMs: nowMs + 180_000 })[5]).toContain('○ stale 5m');
  });

  it('drops columns in a narrow terminal, host and state last', () => {
    const narrow = (columns: number): string => draw({ size: { columns, rows: 8 } })[2] ?? '';
    expect(narrow(96)).not.toContain('MODEL');
    expect(narrow(70)).toMatch(/NAME ▼ .*STATE .*KIND .*LAST SEEN/);
    expect(narrow(30).trim()).toMatch(/^NAME.* +STATE$/);
  });

  it.each([30, 40, 60, 80, 130])('[PS5] who is gone, and for how long, in %i columns', (columns) => {
    expect(draw({ size: { columns, rows: 8 } })[4]).toMatch(/^ {2}attic +✕ disconnected 6m/);
  });

  it.each([30, 39, 40, 80, 130])('[PS5] whose gateway is unreachable, in %i columns', (columns) => {
    const lost = rows.map((row) => (row.key === 'desk' ? { ...row, unreachableSinceMs: nowMs } : row));
    const line = draw({ size: { columns, rows: 8 }, roster: { ...live, instances: lost } })[5];
    expect(line).toMatch(/^ {2}東.* ◌ unreachable/);
  });

  it('[F18] keeps its sort arrow and its titles whole', () => {
    for (const by of ['name', 'state', 'age', 'input', 'mode', 'connections'] as const)
      for (const columns of [80, 120, 200]) {
        const view = { ...firstView, order: { by, descending: false } };
        const title = draw({ view, size: { columns, rows: 8 } })[2] ?? '';
        expect(title).not.toContain('…');
      }
  });

  it('shows the position of the cursor in a list that is longer than the screen', () => {
    const { lines, context } = drawFrame(
      optionsOf({ view: { ...firstView, selectedKey: 'old' }, size: { columns: 80, rows: 6 } }),
    );
    expect(context.pageRows).toBe(2);
    expect(lines.at(-1)).toMatch(/^q quit .* 2\/3$/);
    expect(lines.slice(3, 5)).toEqual([
      expect.stringMatching(/^ {2}vm /),
      expect.stringMatching(/^› attic .*✕ disconnected 6m/),
    ]);
  });

  it('shows a message when no row passes the filter', () => {
    const lines = draw({ view: { ...firstView, pane: 'filter', filter: 'xyz' } });
    expect(lines[1]).toContain('0 of 3 match “xyz”');
    expect(lines[3]).toContain('No instances match “xyz”. Esc shows all instances.');
    expect(lines.at(-1)).toBe('/xyz▏');
  });
});

describe('sections, in a terminal with room for them', () => {
  const size = { columns: 80, rows: 20 };
  const instances: readonly Instance[] = [
    ...rows.filter(({ key }) => key === 'gw'),
    { key: 'mac', host: 'mac', ip: '192.0.2.7', mode: 'ui', ts: nowMs, connections: 1 },
    { key: 'agent', host: 'Mac', ip: '192.0.2.7', mode: 'node', ts: nowMs, connections: 1 },
    { key: 'pi', host: 'pi', mode: 'node', ts: nowMs - 200_000, connections: 1 },
    { key: 'nas', host: 'nas', mode: 'backend', ts: nowMs, connections: 1, annotations: { owner: 'Ada' } },
    { key: 'page', host: 'Rollcall · Chrome', mode: 'viewer', ts: nowMs, connections: 1 },
  ];
  const past: readonly Instance[] = [
    {
      key: 'attic',
      host: 'attic',
      mode: 'node',
      ts: nowMs - 7_200_000,
      reason: 'disconnect',
      connections: 0,
      disconnectedAtMs: nowMs - 7_200_000,
    },
  ];
  const roster = { ...live, instances };
  const listOf = (lines: readonly string[]): readonly string[] =>
    lines.slice(6, -1).map((line) => line.slice(0, 20).trim());

  it('[PS6] stand as on the page: attention, owners, people and their machines, servers', () => {
    const lines = draw({ roster, past, size });
    expect(listOf(lines).slice(0, 9)).toEqual([
      'Needs attention 1',
      '› pi',
      'Ada 1',
      'nas',
      'People and apps 2',
      'Mac',
      'mac',
      'Servers and nodes 1',
      'vm',
    ]);
    expect(lines.at(-2)).toBe('▸ Viewers 1  ▸ Gone today 1: attic 2h ago  (v)');
  });

  it('[PS6] v lists viewers and who is gone, last seen', () => {
    const lines = draw({ roster, past, size: { ...size, rows: 24 }, view: { ...firstView, unfolded: true } });
    expect(listOf(lines).slice(9, 13)).toEqual(['Viewers 1', 'Rollcall · Chrome', 'Gone today 1', 'attic']);
    expect(lines.find((line) => line.includes('attic'))).toContain('✕ disconnected 2h');
  });

  it('keeps the cursor visible below every name, and shows the section of the first row', () => {
    const keys = ['pi', 'nas', 'agent', 'mac', 'gw', 'page', 'attic'];
    for (const rows of [16, 17, 18, 20])
      for (const [index, selectedKey] of keys.entries()) {
        const view = { ...firstView, unfolded: true, selectedKey, selectedIndex: index };
        const lines = draw({ roster, past, size: { columns: 80, rows }, view });
        expect(lines.filter((line) => line.startsWith('› '))).toHaveLength(1);
        expect(listOf(lines)[0]).toMatch(/ \d$/);
        expect(lines.length).toBe(rows);
      }
  });

  it('a search lists every matching row, folded ones included', () => {
    const view = { ...firstView, filter: 'chrome' };
    expect(draw({ roster, past, size, view }).join('\n')).toMatch(/Viewers 1\n› Rollcall · Chrome/);
  });
});

it('shows a message when the terminal is too small', () => {
  expect(draw({ size: { columns: 20, rows: 3 } })).toEqual(['Needs 30 by 4. q', 'quits.']);
});

describe('without a connection', () => {
  const lost: ClientState = {
    phase: 'reconnecting',
    sinceMs: nowMs,
    code: 'NETWORK',
    reason: 'no gateway answers at ws://gw:1',
    attempts: 3,
  };
  const roster: RosterSnapshot = { ...live, live: false, asOfMs: nowMs };

  it('rows stay as they were, grey, with the moment they are from', () => {
    const lines = draw({
      link: lost,
      roster,
      serverNowMs: nowMs + 600_000,
      localNowMs: nowMs + 5_000,
      paint: (style, text) => `<${String(style)}>${text}`,
    });
    expect(lines[0]).toContain('<yellow>  ◌ reconnecting for 5s, attempt 3');
    expect(lines[0]).toContain('as of 13:14:15');
    expect(lines[1]).toBe('<yellow>no gateway answers at ws://gw:1. rollcall doctor finds out why.');
    expect(lines[6]).toMatch(/^<dim> {2}東京-desk .*◐ idle/);
  });

  it('a refusal is shown with what to do', () => {
    const code = 'AUTH_TOKEN_MISMATCH';
    const link: ClientState = { phase: 'refused', sinceMs: nowMs, code, reason: 'no', whatToDo: 'x' };
    const lines = draw({ link, roster: { ...live, instances: [], live: false } });
    expect(lines[0]).toContain('✗ refused');
    expect(lines.join(' ')).toContain('wrong token for');
    expect(lines.at(-1)).toMatch(/^r retry/);
  });
});

describe('the detail pane', () => {
  const view = { ...firstView, pane: 'detail', selectedKey: 'desk', selectedIndex: 2 } as const;
  const text = draw({ view, size: { columns: 80, rows: 40 } }).join('\n');

  it('shows every fact and its producer', () => {
    expect(text).toMatch(/host +東京-desk {2}\(from connect\)/);
    expect(text).toMatch(/reason +periodic {2}\(from beacon\)/);
    expect(text).toMatch(/lastInputSeconds +30 {2}\(from beacon\)/);
    expect(text).toMatch(/last input +2m 40s ago/);
    expect(text).toMatch(/memory +1.5 GiB free of 16.0 GiB/);
    expect(text).toContain('2m 10s ago (2026-01-02 13:12:05)');
  });

  it('[PS3] shows the state, and since when its gateway cannot be reached', () => {
    const away = { connections: 0, disconnectedAtMs: nowMs - 60_000, unreachableSinceMs: nowMs - 50_000 };
    const roster = { ...live, instances: rows.map((row) => ({ ...row, ...away })) };
    const words = draw({ view, roster, size: { columns: 50, rows: 40 } })
      .join(' ')
      .replace(/ +/g, ' ');
    expect(words).toContain('state ✕ disconnected 1m');
    expect(words).toContain('unreachable 50s ago');
    expect(words).not.toContain('status');
  });

  it('can be scrolled when it is longer than the screen', () => {
    const frame = drawFrame(optionsOf({ view: { ...view, scroll: 2 } }));
    expect(frame.context.scrollMax).toBeGreaterThan(5);
    expect(frame.lines.at(-1)).toContain(`${frame.context.scrollMax - 2} more below`);
  });

  it('shows how to leave, even in a small terminal', () => {
    for (const pane of ['detail', 'help'] as const)
      expect(draw({ view: { ...view, pane }, size: { columns: 30, rows: 8 } }).at(-1)).toContain(
        'Esc back  q quit',
      );
  });

  it('shows a message when the row was removed', () => {
    const lines = draw({ view: { ...view, selectedKey: 'gone' } });
    expect(lines[2]).toContain('is gone');
  });
});

it('every frame fits its terminal, whatever the rows contain', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 30 });
  const row = fc.record(
    {
      key: word,
      ts: fc.integer({ min: nowMs - 400_000, max: nowMs }),
      host: word,
      mode: word,
      ip: word,
      reason: fc.oneof(word, fc.constant('disconnect')),
      unreachableSinceMs: fc.constant(nowMs),
    },
    { requiredKeys: ['key', 'ts'] },
  );
  const pane = fc.constantFrom('list', 'filter', 'detail', 'notices', 'help');
  const size = fc.record({
    columns: fc.integer({ min: 30, max: 140 }),
    rows: fc.integer({ min: 4, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), pane, size, word, (instances, shown, room, filter) => {
      const view = { ...firstView, pane: shown, filter: filter.replace(/\p{Cc}/gu, '') };
      const lines = draw({ view, size: room, roster: { ...live, instances } as RosterSnapshot });
      expect(lines.length).toBeLessThanOrEqual(room.rows);
      for (const line of lines)
        expect(stringWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(room.columns);
    }),
  );
});
