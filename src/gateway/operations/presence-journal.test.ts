import { describe, expect, it } from 'vitest';
import { askHttp } from '../../../test/harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../../../test/harness/listening-gateway.ts';
import type { JournalEntry } from '../../sinks/index.ts';

const start = gatewayStarter();

async function beacon(gateway: ListeningGateway, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const body = { text: 'x', instanceId: name, host: `host-${name}`, mode: name === 'b' ? 'ui' : 'node' };
    expect((await askHttp(gateway, '/api/v1/beacons', { body })).status).toBeLessThan(300);
    gateway.clock.advance(60_000);
  }
}

interface Answer {
  readonly entries: readonly JournalEntry[];
  readonly cursor: string;
  readonly cutOffAtMs?: number;
}

async function journal(gateway: ListeningGateway, query = ''): Promise<Answer> {
  const { status, json } = await askHttp(gateway, `/api/v1/journal${query}`);
  expect([status, json]).toEqual([200, expect.anything()]);
  return json;
}

const keys = ({ entries }: Answer): readonly string[] => entries.map(({ key }) => key);

describe('presence.journal', () => {
  it('[PJ9] answers who came, oldest first, over HTTP and WebSocket', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'b');
    const answer = await journal(gateway, '?kinds=joined');
    expect(Object.keys(answer)).toEqual(['entries', 'cursor']);
    expect(answer.entries).toMatchObject([
      { key: 'a', kind: 'joined', host: 'host-a', cause: { code: 'connected' } },
      { key: 'b', kind: 'joined', host: 'host-b' },
    ]);
    const client = gateway.dial();
    await client.connect();
    expect(await client.call('presence.journal', { kinds: ['joined'], until: '1m' })).toMatchObject({
      entries: answer.entries,
    });
    const { entries } = await journal(gateway, '?limit=1');
    expect(entries).toMatchObject([{ kind: 'joined', cause: { code: 'connected' } }]);
    expect(entries[0]?.id).toBe((answer.entries.at(-1)?.id ?? 0) + 1);
  });

  it('[PJ9] since, until and a duration back', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'b', 'c', 'd');
    const { wallMs } = gateway.clock;
    const two = keys(await journal(gateway, '?since=2m'));
    expect(two).toEqual(['c', 'd']);
    expect(keys(await journal(gateway, `?since=${wallMs - 120_000}`))).toEqual(two);
    const iso = new Date(wallMs - 120_000).toISOString();
    expect(keys(await journal(gateway, `?since=${iso}&until=61s`))).toEqual(['c']);
    expect((await journal(gateway, '?since=1h')).cutOffAtMs).toBe(wallMs - 240_000);
  });

  it('[PJ9] a cursor goes on exactly where an answer ended', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'b', 'c');
    const first = await journal(gateway, '?since=0&kinds=joined&limit=2');
    expect(keys(first)).toEqual(['a', 'b']);
    const next = await journal(gateway, `?kinds=joined&cursor=${first.cursor}`);
    expect(keys(next)).toEqual(['c']);
    expect((await journal(gateway, `?cursor=${next.cursor}`)).entries).toEqual([]);
    await beacon(gateway, 'd');
    const more = await journal(gateway, `?cursor=${next.cursor}`);
    expect(keys(more)).toEqual(['d']);
    expect(more.cutOffAtMs).toBeUndefined();
    const foreign = await journal(gateway, '?cursor=00000000-0000.7');
    expect(foreign.cutOffAtMs).toBeTypeOf('number');
    expect(keys(foreign)).toContain('a');
  });

  it('[PJ9] q and who are queries on the rows, who also a key', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'b', 'ab');
    expect(keys(await journal(gateway, '?q=mode:ui'))).toEqual(['b']);
    expect(keys(await journal(gateway, '?q=host-a'))).toEqual(['a', 'ab']);
    expect(keys(await journal(gateway, '?q=host-a%20-ab'))).toEqual(['a']);
    expect(keys(await journal(gateway, '?who=a'))).toEqual(['a']);
    expect(keys(await journal(gateway, '?who=host:host-ab'))).toEqual(['ab']);
    expect(keys(await journal(gateway, '?who=b&q=mode:node'))).toEqual([]);
  });

  it('[PJ9] as NDJSON, with the cursor in the head', async () => {
    const gateway = await start();
    await beacon(gateway, 'a', 'b');
    const asked = { headers: { accept: 'application/x-ndjson' } };
    const { headers, text } = await askHttp(gateway, '/api/v1/journal?since=1h', asked);
    const { entries, cursor, cutOffAtMs } = await journal(gateway, '?since=1h');
    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(headers['journal-cursor']).toBe(cursor);
    expect(headers['journal-cut-off-at-ms']).toBe(String(cutOffAtMs));
    expect(text.split('\n')).toEqual([...entries.map((entry) => JSON.stringify(entry)), '']);
  });

  it.each([
    ['since=noon', '/since: must be milliseconds since the epoch, ISO 8601, or a duration back'],
    ['until=2026-01-01T10:00', '/until: needs a time zone'],
    ['q=state:', '/q: at 1: state: must be one of online'],
    ['who=%22x', '/who: at 1: the quote has no end'],
    ['kinds=gone', '/kinds: must be one of joined, left'],
    ['limit=0', '/limit: must be >= 1'],
    ['sinse=1h', '/sinse: is not known'],
  ])('[PJ9] ?%s is refused: %s', async (query, message) => {
    const gateway = await start();
    const { status, json } = await askHttp(gateway, `/api/v1/journal?${query}`);
    expect([status, json.error.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(json.error.message).toContain(message);
  });

  it('[PJ9] needs operator.read', async () => {
    const gateway = await start();
    const client = gateway.dial();
    await client.connect({ scopes: [] });
    await expect(client.call('presence.journal')).rejects.toThrow(/operator.read/);
    expect((await askHttp(gateway, '/api/v1/journal', { token: null })).status).toBe(401);
  });
});
