import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import type { Notice } from '../../sinks/notices/notice.ts';
import { lastVisits } from './last-visit.ts';
import { type News, noNews, readNews } from './news.ts';
import { noticesPane } from './notices-pane.ts';
import { overviewLines, surveyOf } from './overview.ts';
import type { TimelineEntry } from './timeline.ts';

const nowMs = new Date(2026, 0, 2, 13, 0).getTime();
const ago = (seconds: number): number => nowMs - seconds * 1_000;
const row = (host: string, facts: Partial<Instance> = {}): Instance => ({
  ...{ key: host, host, mode: 'node', ts: ago(10), connections: 1, sources: {} },
  ...facts,
});
const entry = (seconds: number, kind: string, key: string): TimelineEntry => ({
  at: ago(seconds),
  kind,
  key,
});
const notice: Notice = {
  ...{ noticeId: 'n1', rule: 'node-left', when: 'leaves', severity: 'critical', state: 'open' },
  ...{ subject: { key: 'pi', host: 'pi' }, sinceMs: ago(240), openedAtMs: ago(180), count: 1, told: 1 },
};

function lines(rows: readonly Instance[], news: Partial<News> = {}, isFull = false): readonly string[] {
  return overviewLines({
    survey: surveyOf(rows, nowMs),
    news: { ...noNews(ago(7_200), nowMs), ...news },
    ...{ isFull, nowMs, width: 200, paint: (_style, text) => text },
  });
}

describe('the overview', () => {
  it('[PS6] shows what changed since the last visit, each instance once', () => {
    const entries = [
      entry(500, 'joined', 'new'),
      ...[entry(400, 'left', 'gone'), entry(390, 'removed', 'gone')],
      ...[entry(300, 'left', 'back'), entry(200, 'returned', 'back')],
      ...[entry(100, 'joined', 'short'), entry(50, 'left', 'short')],
    ];
    expect(lines([], { entries })[0]).toBe(
      'Since you last looked, 2h ago: joined: new · left: gone · came and went: short, back',
    );
    expect(lines([], { entries: [] })[0]).toMatch(/: nobody came or went$/);
    expect(lines([], { ...noNews(undefined, nowMs), entries: [] })[0]).toBe(
      'In the last hour: nobody came or went',
    );
    expect(lines([])[0]).toMatch(/tells nothing of the past$/);
  });

  it('[PS5] [PS6] shows who just left and why, and who needs attention, most severe first', () => {
    const rows = [
      row('well'),
      row('early', { connections: 0, disconnectedAtMs: ago(100), cause: { code: 'closed' } }),
      row('late', { connections: 0, disconnectedAtMs: ago(20), cause: { code: 'connection-lost' } }),
      row('slow', { ts: ago(200) }),
      row('far', { unreachableSinceMs: ago(60) }),
      row('forge', {
        hostStats: { cpuCount: 4, loadAverage: [3.8, 1, 1], memoryTotalBytes: 0, memoryFreeBytes: 0 },
      }),
      row('muted', { ts: ago(200), annotations: { mute: true } }),
      row('page', { mode: 'viewer', ts: ago(200) }),
    ];
    const news = { entries: [], notices: [notice, { ...notice, acknowledgedAtMs: ago(1) }] };
    expect(lines(rows, news, true).slice(1)).toEqual([
      'Just left: late 20s (connection lost), early 1m (closed the connection)',
      'Needs attention: 1 notice (n) · the roster is full · far unreachable 1m, slow idle 3m · forge CPU 95%',
    ]);
    expect(lines([row('well')], { entries: [] }).slice(1)).toEqual(['Nobody left', 'All good']);
  });

  it('counts the names that do not fit', () => {
    const many = Array.from({ length: 9 }, (_, index) => row(`pi-${index}`, { ts: ago(200 + index) }));
    expect(lines(many)[2]).toMatch(/^Needs attention: pi-8 idle 3m, .*, \+3$/);
  });
});

describe('news', () => {
  it('are read from the gateway; methods that it does not serve leave the old values', async () => {
    const asked: unknown[] = [];
    const { ts, ...left } = row('attic');
    const departed = { ...left, leftAtMs: ago(70), lastSeenMs: ago(80) };
    const answering = {
      serverNowMs: () => nowMs,
      request: async <T>(method: string, params?: unknown): Promise<T> => {
        asked.push([method, params]);
        if (method === 'notices.list') throw new Error('unknown method');
        if (method === 'presence.list')
          return { instances: [departed, { ...departed, mode: 'viewer' }, { key: 'odd' }] } as T;
        return { entries: [entry(5, 'left', 'pi'), { odd: true }] } as T;
      },
    };
    const before = { ...noNews(ago(60), nowMs), notices: [notice] };
    expect(await readNews(answering, before)).toEqual({
      ...before,
      entries: [entry(5, 'left', 'pi')],
      past: [{ ...left, ts: ago(80), reason: 'disconnect', disconnectedAtMs: ago(70), connections: 0 }],
    });
    expect(asked[0]).toMatchObject(['presence.journal', { since: ago(60), q: '-mode:viewer' }]);
  });

  it('open notices show severity, text and since when', () => {
    const pane = noticesPane({
      notices: [notice, { ...notice, acknowledgedAtMs: nowMs, acknowledgedBy: 'anna\u001b[2J' }],
      ...{ selected: 1, rows: 5, nowMs, width: 80, paint: (style, text) => `<${String(style)}>${text}` },
    });
    expect(pane[1]).toBe('<red>  critical 4m ago  pi left');
    expect(pane[2]).toMatch(/^<inverse>› critical 4m ago {2}pi left · acknowledged by anna \[2J +$/);
  });
});

describe('the last visit', () => {
  it('[PS6] is stored for each gateway, readable by its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-looks-'));
    try {
      lastVisits(folder).store('ws://a', 1_000.4);
      lastVisits(folder).store('ws://b', 2_000);
      expect(lastVisits(folder).at('ws://a')).toBe(1_000);
      expect(lastVisits(folder).at('ws://c')).toBeUndefined();
      const file = join(folder, 'last-looks.json');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      for (let index = 0; index < 60; index++) lastVisits(folder).store(`ws://${index}`, 3_000 + index);
      expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toHaveLength(50);
      writeFileSync(file, 'not JSON');
      expect(lastVisits(folder).at('ws://59')).toBeUndefined();
      expect(lastVisits(undefined).at('ws://a')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
