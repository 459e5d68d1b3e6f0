import { describe, expect, it } from 'vitest';
import type { PresenceClient } from '../../client/index.ts';
import { readTimeline, timelineLines } from './timeline.ts';

const nowMs = new Date(2026, 0, 2, 13, 14, 15).getTime();

/** A client that answers its only request. */
function clientOf(answer: (method: string, params: unknown) => unknown): PresenceClient {
  const request = (method: string, params?: unknown) =>
    new Promise((resolve) => resolve(answer(method, params)));
  return { request } as unknown as PresenceClient;
}

describe('the timeline', () => {
  it('requests one row or all, and shows what happened, latest first', async () => {
    const asked: unknown[] = [];
    const client = clientOf((method, params) => {
      asked.push([method, params]);
      const left = {
        id: 1,
        at: nowMs - 60_000,
        kind: 'left',
        key: 'cam',
        host: 'cam\u001b[31m',
        cause: { code: 'slept' },
      };
      return {
        entries: [{ ...left, at: nowMs - 86_400_000, kind: 'joined', cause: undefined }, left, 'damaged'],
      };
    });
    const timeline = await readTimeline(client, 'a "b"');
    await readTimeline(client, undefined);
    expect(asked).toEqual([
      ['presence.journal', { who: 'a "b"', limit: 200 }],
      ['presence.journal', { limit: 200 }],
    ]);
    const lines = timelineLines({ timeline, width: 60, nowMs, paint: (_, text) => text });
    expect(lines).toEqual([
      '  13:13:15  left     cam [31m · Went to sleep',
      '  2026-01-01 13:14:15  joined   cam [31m',
    ]);
  });

  it('shows a message when the gateway keeps none', async () => {
    const client = clientOf(() => {
      throw new Error('unknown method: presence.journal');
    });
    const timeline = await readTimeline(client, undefined);
    const lines = timelineLines({ timeline, width: 90, nowMs, paint: (_, text) => text });
    expect(lines).toEqual(['  This gateway has no timeline: unknown method: presence.journal']);
  });
});
