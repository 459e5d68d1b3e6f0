import { describe, expect, it } from 'vitest';
import { askHttp } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();
const path = '/api/v1/beacons';
const good = (name: string) => ({ text: `I am ${name}`, instanceId: name, host: name, mode: 'backend' });

async function rows(gateway: ListeningGateway): Promise<Record<string, unknown>[]> {
  return (await askHttp(gateway, '/api/v1/presence')).json.instances;
}

describe('POST /api/v1/beacons', () => {
  it('[PR6] stores one beacon', async () => {
    const gateway = await start();
    const { status, json } = await askHttp(gateway, path, { body: good('one') });
    expect([status, json]).toEqual([200, { ok: true, accepted: 1 }]);
    expect((await rows(gateway))[1]).toMatchObject({
      key: 'one',
      host: 'one',
      mode: 'backend',
      connections: 0,
    });
  });

  it('[PR6] stores a list of 1 to 100, the last of a row wins', async () => {
    const gateway = await start();
    const list = Array.from({ length: 99 }, (_, index) => good(`n${index}`));
    const { json } = await askHttp(gateway, path, { body: [...list, { text: 'again', instanceId: 'N0' }] });
    expect(json).toEqual({ ok: true, accepted: 100 });
    expect(await rows(gateway)).toHaveLength(100);
    expect((await rows(gateway))[1]).toMatchObject({ key: 'n0', text: 'again', host: 'n0' });
  });

  it('[PR6] parses a Node line, and accepts any content type and a byte order mark', async () => {
    const gateway = await start();
    const text = 'Node: pi (192.0.2.7) · app 2.0 · last input 5s ago · mode node · reason periodic';
    for (const headers of [{}, { 'content-type': 'text/plain' }]) {
      const body = `\ufeff${JSON.stringify({ text })}`;
      expect((await askHttp(gateway, path, { body, headers })).status).toBe(200);
    }
    expect((await rows(gateway))[1]).toMatchObject({ host: 'pi', ip: '192.0.2.7', lastInputSeconds: 5 });
  });

  it.each([
    ['nothing', '', 'must be JSON'],
    ['no JSON', '{"text":', 'must be JSON'],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'must be JSON'],
    ['null', 'null', 'text required'],
    ['a number', '5', 'at /'],
    ['an empty list', [], 'must be 1 to 100 beacons'],
    ['101 beacons', Array.from({ length: 101 }, (_, index) => good(`n${index}`)), 'must be 1 to 100 beacons'],
    ['no text', { instanceId: 'x' }, 'text required'],
    ['a blank text', { text: ' ', instanceId: 'x' }, 'text required'],
    ['a text of 1025 characters', { ...good('x'), text: 'x'.repeat(1_025) }, '/text'],
    ['a host of 257 characters', { ...good('x'), host: 'x'.repeat(257) }, '/host'],
    ['33 tags', { ...good('x'), tags: Array.from({ length: 33 }, String) }, '/tags'],
    ['a control character', { ...good('x'), version: 'a\u0000b' }, '/version'],
    ['half a second', { ...good('x'), lastInputSeconds: 0.5 }, '/lastInputSeconds'],
  ])('[PL4] [PF2] [F13] %s: 400, and nothing is stored', async (_, body, message) => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const { status, json } = await askHttp(gateway, path, { method: 'POST', body });
      expect(status).toBe(400);
      expect(json.error).toMatchObject({ code: 'INVALID_REQUEST', retryable: false });
      expect(json.error.message).toContain(message);
    });
  });

  it.each([
    ['a wrong field', { text: 'x', mode: 5 }, 400],
    ['the row of the gateway', { text: 'x', instanceId: 'GATEWAY-1' }, 403],
    ['a claim to be the gateway', { text: 'x', instanceId: 'x', mode: 'gateway', reason: 'self' }, 403],
    ['a number', 7, 400],
  ])(
    '[PA5] [PR2] one with %s refuses its list, says which, and nothing is stored',
    async (_, bad, status) => {
      const gateway = await start();
      const observer = await rosterObserver(gateway);
      await observer.unchangedBy(async () => {
        const answer = await askHttp(gateway, path, { body: [good('a'), good('b'), bad, good('c')] });
        expect(answer.status).toBe(status);
        expect(answer.json.error.index).toBe(2);
      });
    },
  );

  it('[PR2] a claim to be the gateway in two halves is one', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const halves = [
        { text: 'x', instanceId: 'x', mode: 'Gateway' },
        { text: 'x', instanceId: 'x', reason: ' SELF ' },
      ];
      for (const body of [halves, halves.toReversed()]) {
        const answer = await askHttp(gateway, path, { body });
        expect([answer.status, answer.json.error.index]).toEqual([403, 1]);
      }
    });
  });

  it('[PR6] a body in chunks is accepted like one with a length', async () => {
    const gateway = await start();
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const { status, json } = await askHttp(gateway, path, { body: good('chunky'), headers });
      expect([status, json]).toEqual([200, { ok: true, accepted: 1 }]);
    }
  });

  it('[PL1] a body of more than a mebibyte: 413, with and without a length', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const body = JSON.stringify({ ...good('x'), wake: 'x'.repeat(1_048_576) });
      for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
        const { status, json } = await askHttp(gateway, path, { body, headers });
        expect(status).toBe(413);
        expect(json.error.message).toContain('1048576 bytes');
      }
    });
  });

  it('[PW9] is for POST alone', async () => {
    const { status, headers } = await askHttp(await start(), path);
    expect([status, headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });
});
