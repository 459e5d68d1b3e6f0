import { describe, expect, it } from 'vitest';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import type { WireClient } from '../harness/wire-client.ts';

const start = gatewayStarter();
const rows = 150;
const writes = { scopes: ['operator.write'] };

/** A list of about 300 KB, so that the buffers of the system are full soon. */
async function fill(gateway: ListeningGateway): Promise<WireClient> {
  const writer = gateway.dial();
  await writer.connect({ ...writes, client: { mode: 'cli' } });
  const tags = Array.from({ length: 32 }, (_, tag) => `${tag}`.padEnd(50, 'x'));
  for (let row = 0; row < rows; row += 1) await beacon(writer, `row-${row}`, { tags });
  return writer;
}

async function beacon(writer: WireClient, instanceId: string, facts: object = {}): Promise<void> {
  await writer.call('system-event', { text: 'x'.repeat(500), instanceId, ...facts });
}

async function listed(client: WireClient): Promise<readonly { instanceId?: string; reason?: string }[]> {
  return client.call('system-presence');
}

describe('readers who stop reading', () => {
  it('[PL8] share maxUnreadBytes: the slowest is dropped, others are not affected', async () => {
    const limits = { requestsPerSecond: 0, maxBufferedBytes: 1_073_741_824, maxUnreadBytes: 4_194_304 };
    const gateway = await start(limits);
    const writer = await fill(gateway);
    const slow = [gateway.dial(), gateway.dial(), gateway.dial()];
    for (const [index, client] of slow.entries()) {
      await client.connect({ client: { instanceId: `slow-${index}` } });
      client.socket.pause();
    }
    const gone = async (): Promise<number> =>
      (await listed(writer)).filter(
        (row) => row.instanceId?.startsWith('slow') && row.reason === 'disconnect',
      ).length;
    while ((await gone()) < 2) {
      // What readers share counts once: each round has a list of its own.
      await beacon(writer, 'honest');
      for (const client of slow) {
        client.send(JSON.stringify({ type: 'req', id: 'flood', method: 'system-presence' }));
      }
    }
    const { entries } = await writer.call<{ entries: readonly { kind: string; cause?: { code: string } }[] }>(
      'presence.journal',
    );
    const causes = entries.filter(({ kind }) => kind === 'left').map(({ cause }) => cause?.code);
    expect(new Set(causes)).toEqual(new Set(['slow-reader']));
    expect(writer.socket.readyState).toBe(writer.socket.OPEN);
  });
});

describe('a reader who stops reading', () => {
  it('[PL2] [PW7] misses lists, is not closed for it, and gets the newest state when it reads again', async () => {
    const gateway = await start({ requestsPerSecond: 0 });
    const writer = await fill(gateway);
    const slow = gateway.dial();
    await slow.connect({ client: { instanceId: 'slow' } });
    slow.socket.pause();
    for (let change = 0; change < 200; change += 1) await beacon(writer, 'last', { version: `${change}` });
    slow.socket.resume();
    const isNewest = (event: { payload: unknown }): boolean =>
      (event.payload as { presence: { instanceId?: string; version?: string }[] }).presence.some(
        (row) => row.instanceId === 'last' && row.version === '199',
      );
    await slow.event('presence', isNewest);
    const events = slow.frames.filter((frame) => frame.type === 'event');
    const seqs = events.map((event) => event.seq).filter((seq) => seq !== undefined);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(events.length).toBeLessThan(150);
    expect(slow.socket.readyState).toBe(slow.socket.OPEN);
  });

  it('[PL2] is closed with 1008 when its answers exceed maxBufferedBytes; other clients are not affected', async () => {
    const gateway = await start({ requestsPerSecond: 0, maxBufferedBytes: 100_000 });
    const writer = await fill(gateway);
    const slow = gateway.dial();
    await slow.connect({ client: { instanceId: 'slow' } });
    slow.socket.pause();
    for (let request = 0; request < 100; request += 1) {
      slow.send(JSON.stringify({ type: 'req', id: `flood-${request}`, method: 'system-presence' }));
    }
    const gone = async (): Promise<boolean> =>
      (await listed(writer)).some((row) => row.instanceId === 'slow' && row.reason === 'disconnect');
    while (!(await gone())) await beacon(writer, 'honest');
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: 1008, reason: 'slow consumer' });
    const answers = slow.frames.filter((frame) => frame.type === 'res');
    expect(answers.length).toBeLessThan(100);
  });
});
