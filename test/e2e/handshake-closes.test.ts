import { describe, expect, it } from 'vitest';
import { connectParams } from '../harness/connect-params.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { rosterObserver } from '../harness/roster-observer.ts';
import type { Closed, WireClient } from '../harness/wire-client.ts';

const start = gatewayStarter();

/** Sends something that is answered with a close alone. */
async function closedBy(act: (client: WireClient) => unknown): Promise<Closed & { frames: number }> {
  const gateway = await start();
  const observer = await rosterObserver(gateway);
  return observer.unchangedBy(async () => {
    const client = gateway.dial();
    await client.nonce();
    await act(client);
    return { ...(await client.closed), frames: client.frames.length };
  });
}

describe('closes without an answer', () => {
  it('[PW10] first frame no JSON: 1000', async () => {
    expect(await closedBy((client) => client.send('hello?'))).toEqual({ code: 1000, reason: '', frames: 1 });
  });

  it.each(['[]', '7', 'null', '{"type":"event"}', '{"type":"req","id":"","method":"connect"}'])(
    '[PW10] first frame %s: 1008',
    async (text) => {
      const closed = await closedBy((client) => client.send(text));
      expect(closed).toEqual({ code: 1008, reason: 'invalid request frame', frames: 1 });
    },
  );

  it('[PW2] [PL1] a frame over 64 KiB before the handshake: 1009', async () => {
    const closed = await closedBy((client) => client.send(' '.repeat(65_537)));
    expect(closed).toEqual({ code: 1009, reason: '', frames: 1 });
  });

  it('[PW2] a connect of exactly 64 KiB is admitted', async () => {
    const client = (await start()).dial();
    await client.nonce();
    const text = JSON.stringify({ type: 'req', id: 'big', method: 'connect', params: connectParams() });
    client.send(text + ' '.repeat(65_536 - text.length));
    expect(await client.answer('big')).toMatchObject({ ok: true });
  });

  it('[PW2] no handshake within 15 s: 1000', async () => {
    const gateway = await start();
    const client = gateway.dial();
    await client.nonce();
    gateway.timers.advance(14_999);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    gateway.timers.advance(1);
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });

  it('[PW2] each has its own 15 s, whoever was closed before', async () => {
    const gateway = await start();
    const first = gateway.dial();
    await first.nonce();
    gateway.timers.advance(5_000);
    const others = [gateway.dial(), gateway.dial()];
    for (const other of others) await other.nonce();
    gateway.timers.advance(10_000);
    expect((await first.closed).code).toBe(1000);
    gateway.timers.advance(5_000);
    for (const other of others) expect((await other.closed).code).toBe(1000);
  });

  it('[PW2] a handshake in time is not closed afterwards', async () => {
    const gateway = await start();
    const client = gateway.dial();
    gateway.timers.advance(14_999);
    await client.connect();
    gateway.timers.advance(2);
    expect(await client.call('health')).toMatchObject({ ok: true });
  });
});
