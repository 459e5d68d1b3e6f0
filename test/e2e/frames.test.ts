import { describe, expect, it } from 'vitest';
import { connectParams } from '../harness/connect-params.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();

async function connected(
  overrides: Parameters<typeof connectParams>[0] = {},
  options: Parameters<typeof start>[0] = {},
) {
  const gateway = await start(options);
  const client = gateway.dial();
  const hello = await client.connect(overrides);
  return { gateway, client, hello };
}

describe('frames of a connected client', () => {
  it('[PW1] serves WebSockets at /, without compression, whatever the client offers', async () => {
    const client = (await start()).dial({ perMessageDeflate: true });
    await client.connect();
    expect(client.socket.extensions).toBe('');
    expect(client.socket.protocol).toBe('');
  });

  it('[PW1] accepts binary frames that hold JSON, the handshake included', async () => {
    const client = (await start()).dial();
    await client.nonce();
    const request = { type: 'req', id: 'bin', method: 'connect', params: connectParams() };
    client.send(Buffer.from(JSON.stringify(request)));
    expect(await client.answer('bin')).toMatchObject({ ok: true });
    client.send(Buffer.from('{"type":"req","id":"bin2","method":"health"}'));
    expect(await client.answer('bin2')).toMatchObject({ ok: true, payload: { ok: true } });
  });

  it('[PW10] ignores garbage and answers what comes after it', async () => {
    const { gateway, client } = await connected();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      for (const garbage of ['{', '', 'hello', '{"type":"req",', Buffer.from([0xff, 0x00])])
        client.send(garbage);
      expect(await client.call('health')).toMatchObject({ ok: true });
    });
  });

  it.each([
    ['{"id":"a"}', 'a'],
    ['{"type":"res","id":"b","ok":true}', 'b'],
    ['{"type":"req","id":"c"}', 'c'],
    ['{"type":"req","id":"d","method":""}', 'd'],
    ['{"type":"req","id":"e","method":5}', 'e'],
    ['{"type":"req","method":"health"}', 'invalid'],
    ['{"type":"req","id":7,"method":"health"}', 'invalid'],
    [`{"type":"req","id":"${'x'.repeat(257)}","method":"health"}`, 'invalid'],
    ['[]', 'invalid'],
    ['null', 'invalid'],
    ['"text"', 'invalid'],
  ])('[PW10] answers %s as %s and goes on', async (text, id) => {
    const { gateway, client } = await connected();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      client.send(text);
      const error = { code: 'INVALID_REQUEST', message: 'invalid request frame', retryable: false };
      expect(await client.answer(id)).toEqual({ type: 'res', id, ok: false, error });
      expect(await client.call('health')).toMatchObject({ ok: true });
    });
  });

  it('[PW10] refuses a second connect and continues', async () => {
    const { gateway, client } = await connected();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const error = await client.refused('connect', connectParams({ client: { instanceId: 'other' } }));
      expect(error).toMatchObject({
        code: 'INVALID_REQUEST',
        message: 'connect is only valid as the first request',
      });
      expect(await client.call('health')).toMatchObject({ ok: true });
    });
  });

  it.each(['wake', 'constructor', '__proto__', 'toString', 'exec.approvals.get', 'x'.repeat(256)])(
    '[PW9] refuses the unknown method %s and goes on',
    async (method) => {
      const { client } = await connected();
      const error = await client.refused(method, {});
      expect(error.code).toBe('INVALID_REQUEST');
      expect(error.message).toMatch(`unknown method: ${method.slice(0, 128)}`);
      expect(await client.call('health')).toMatchObject({ ok: true });
    },
  );

  it('[PA4] names the scope that is missing', async () => {
    const { client } = await connected({ scopes: [] });
    expect(await client.refused('system-presence')).toMatchObject({
      code: 'FORBIDDEN',
      message: 'missing scope: operator.read',
      details: {
        code: 'MISSING_SCOPE',
        missingScope: 'operator.read',
        requiredScopes: ['operator.read'],
      },
    });
  });

  it('[PA5] [PW10] closes a node on its 11th call of operator methods', async () => {
    const { gateway, client } = await connected({ role: 'node', scopes: [], client: { mode: 'node' } });
    const observer = await rosterObserver(gateway);
    const before = await observer.list();
    for (let call = 1; call <= 10; call += 1) {
      const error = await client.refused('system-presence');
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: 'unauthorized role: node' });
      expect(await client.call('health')).toMatchObject({ ok: true });
    }
    expect(await observer.list()).toEqual(before);
    expect(await client.refused('status')).toMatchObject({ message: 'unauthorized role: node' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'repeated unauthorized calls' });
  });

  it('[PL1] a frame over maxPayload: 1009, and the row is disconnected, and nothing else changes', async () => {
    const { gateway, client } = await connected(
      { client: { instanceId: 'big' } },
      { maxPayloadBytes: 100_000 },
    );
    client.send(JSON.stringify({ type: 'req', id: 'fits', method: 'health', params: 'x'.repeat(99_000) }));
    expect(await client.answer('fits')).toMatchObject({ ok: true });
    client.send(' '.repeat(100_001));
    expect((await client.closed).code).toBe(1009);
    const { instances } = await (await rosterObserver(gateway)).list();
    expect(instances.find(({ key }) => key === 'big')).toMatchObject({ reason: 'disconnect' });
  });

  it.each([
    ['no text', {}, 'text required'],
    ['blank text', { text: ' ' }, 'text required'],
    ['negative last input', { text: 'x', lastInputSeconds: -1.5 }, 'at /lastInputSeconds: '],
    ['instanceId that is a number', { text: 'x', instanceId: 5 }, 'at /instanceId: '],
    ['text of 1025 characters', { text: 'x'.repeat(1_025) }, 'at /text: '],
    ['33 tags', { text: 'x', tags: Array.from({ length: 33 }, String) }, 'at /tags: '],
    ['host with a line break', { text: 'x', host: 'a\nb' }, 'at /host: '],
    ['an address that is a number', { text: 'x', ip: 7 }, 'at /ip: '],
    ['a list for params', [], 'at /'],
  ])('[PF2] [PL4] [PR6] refuses a beacon with %s and stores nothing', async (_, params, message) => {
    const { gateway, client } = await connected({ scopes: ['operator.admin'] });
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const error = await client.refused('system-event', params);
      expect(error.code).toBe('INVALID_REQUEST');
      expect(error.message).toContain(message);
    });
  });

  it('[PR2] nobody writes the row of the gateway', async () => {
    const { gateway, client } = await connected({ scopes: ['operator.admin'] });
    const observer = await rosterObserver(gateway);
    for (const claim of [
      { instanceId: 'GATEWAY-1' },
      { instanceId: 'mine', mode: 'Gateway', reason: 'self' },
      { text: 'Node: x · last input 5s ago · mode gateway · reason self' },
    ]) {
      await observer.unchangedBy(async () => {
        const error = await client.refused('system-event', { text: 'x', ...claim });
        expect(error).toMatchObject({ code: 'FORBIDDEN', details: { code: 'SELF_ROW' } });
      });
    }
  });

  it('[PR2] a client that claims the key of the gateway is refused', async () => {
    const gateway = await start();
    const observer = await rosterObserver(gateway);
    await observer.unchangedBy(async () => {
      const client = gateway.dial();
      await client.nonce();
      const error = await client.refused('connect', connectParams({ client: { instanceId: ' Gateway-1 ' } }));
      expect(error.code).toBe('FORBIDDEN');
      expect((await client.closed).code).toBe(1008);
    });
  });

  it('[PW8] sends shutdown, then closes with 1012', async () => {
    const { gateway, client } = await connected();
    const waiting = gateway.dial();
    await waiting.nonce();
    await gateway.gateway.close();
    expect((await client.event('shutdown')).payload).toEqual({ reason: 'gateway stopping' });
    expect(await client.closed).toEqual({ code: 1012, reason: 'service restart' });
    expect(await waiting.closed).toEqual({ code: 1012, reason: 'service restart' });
  });

  it('[PW8] ticks every tickIntervalMs, numbered with the other events', async () => {
    const { gateway, client, hello } = await connected();
    expect(hello.policy.tickIntervalMs).toBe(30_000);
    gateway.timers.advance(30_000);
    const tick = await client.event('tick');
    expect(tick.payload).toEqual({ ts: gateway.clock.wallMs });
    await client.call('health');
    gateway.timers.advance(30_000);
    await client.event('tick', ({ payload }) => (payload as { ts: number }).ts === gateway.clock.wallMs);
    const numbers = client.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq ?? 0] : []));
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });
});
