import { describe, expect, it } from 'vitest';
import { EventStream, openStream as openPresence } from '../harness/event-stream.ts';
import { askHttp, openHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';

const start = gatewayStarter();

async function open(gateway: ListeningGateway, journal: string, lastEventId?: string): Promise<EventStream> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await openHttp(gateway, `/api/v1/presence/stream?journal=${journal}`, { headers });
  expect(response.statusCode).toBe(200);
  return new EventStream(response);
}

async function beacons(gateway: ListeningGateway, ...names: readonly string[]): Promise<void> {
  const body = names.map((name) => ({
    text: 'x',
    instanceId: name,
    host: `host of ${name}`,
    platform: name,
  }));
  expect((await askHttp(gateway, '/api/v1/beacons', { body })).status).toBe(200);
}

const journalOf = ({ events }: EventStream) => events.filter(({ name }) => name === 'journal');
const keysOf = (stream: EventStream) => journalOf(stream).map(({ data }) => data.key);
const got = (stream: EventStream, key: string) => stream.event('journal', ({ data }) => data.key === key);
const delta = (stream: EventStream, key: string) =>
  stream.event('delta', ({ data }) => data.upsert.some((row: { key: string }) => row.key === key));

describe('the journal in the stream', () => {
  it('[PJ11] entries from now on, each before the delta of its change; other streams have none', async () => {
    const gateway = await start();
    await beacons(gateway, 'before');
    const [stream, other] = [await open(gateway, 'now'), await openPresence(gateway)];
    await stream.event('snapshot');
    await beacons(gateway, 'a');
    await Promise.all([delta(stream, 'a'), delta(other, 'a')]);
    expect(stream.events.map(({ name }) => name)).toEqual(['snapshot', 'journal', 'delta']);
    expect(journalOf(stream)).toMatchObject([
      { data: { kind: 'joined', key: 'a', cause: { code: 'connected' } } },
    ]);
    expect(other.events.map(({ name }) => name)).toEqual(['snapshot', 'delta']);
    expect(other.lastEventId).not.toContain(';');
    stream.close();
    other.close();
  });

  it('[PJ11] begins after the cursor of a list: what happened since then', async () => {
    const gateway = await start();
    await beacons(gateway, 'before');
    const { json } = await askHttp(gateway, '/api/v1/presence');
    await beacons(gateway, 'a', 'b');
    const stream = await open(gateway, json.journalCursor);
    await stream.event('snapshot');
    expect(keysOf(stream)).toEqual(['a', 'b']);
    expect(stream.events.some(({ name }) => name === 'journal-cut')).toBe(false);
    stream.close();
  });

  it('[PJ11] resumes after the id of any event: no entry is missing or repeated', async () => {
    const gateway = await start();
    const whole = await open(gateway, 'now');
    await whole.event('snapshot');
    for (const name of ['a', 'b', 'c', 'd']) {
      await beacons(gateway, name);
      await delta(whole, name);
    }
    for (const [index, { id }] of whole.events.entries()) {
      const resumed = await open(gateway, 'now', id);
      const wanted = journalOf(whole).filter((event) => whole.events.indexOf(event) > index);
      const last = wanted.at(-1)?.data.key;
      if (last !== undefined) await got(resumed, last);
      expect(journalOf(resumed).map(({ data }) => data.id)).toEqual(wanted.map(({ data }) => data.id));
      resumed.close();
    }
    whole.close();
  });

  it('[PJ11] [PJ5] reports when entries were dropped, or the cursor is of another journal', async () => {
    const gateway = await start({ journalEntries: 10 });
    const { json } = await askHttp(gateway, '/api/v1/presence');
    await beacons(gateway, ...Array.from({ length: 20 }, (_, index) => `i${index}`));
    for (const cursor of [json.journalCursor, 'another.3']) {
      const stream = await open(gateway, cursor);
      await stream.event('snapshot');
      expect(stream.events[0]).toMatchObject({
        name: 'journal-cut',
        data: { cutOffAtMs: expect.any(Number) },
      });
      expect(keysOf(stream)).toEqual(Array.from({ length: 10 }, (_, index) => `i${index + 10}`));
      stream.close();
    }
  });

  it('[PJ11] [PL2] a reader that was behind receives every entry when it reads on', async () => {
    const gateway = await start({ maxEntries: 20_000, maxBufferedBytes: 1_000_000 });
    const stream = await open(gateway, 'now');
    await stream.event('snapshot');
    stream.response.pause();
    const names = Array.from({ length: 6_000 }, (_, index) => `i${index}-${'x'.repeat(180)}`);
    while (names.length > 0) await beacons(gateway, ...names.splice(0, 100));
    stream.response.resume();
    await got(stream, `i5999-${'x'.repeat(180)}`);
    const snapshots = () => stream.events.filter(({ name }) => name === 'snapshot').length;
    await expect.poll(snapshots).toBeGreaterThan(1);
    const ids = journalOf(stream).map(({ data }) => data.id);
    expect(ids).toEqual(Array.from({ length: 6_000 }, (_, index) => ids[0] + index));
    stream.close();
  });
});
