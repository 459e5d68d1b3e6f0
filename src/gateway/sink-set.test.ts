import { describe, expect, it } from 'vitest';
import { assertEveryFrame } from '../../test/harness/frame-recorder.ts';
import { gatewayFixture } from '../../test/harness/gateway-fixture.ts';
import type { PresenceReader, Sink } from '../core/index.ts';

assertEveryFrame();

function sink(name: string, log: string[], parts: Partial<Sink> = {}): Sink {
  return {
    name,
    start(presence: PresenceReader) {
      log.push(`${name} starts with ${[...presence.list()].map(({ key }) => key).join(' ')}`);
      presence.subscribe((changes) => {
        for (const { kind, key } of changes) log.push(`${name} ${kind} ${key}`);
      });
    },
    async close() {
      log.push(`${name} closes`);
    },
    ...parts,
  };
}

describe('sinks of a gateway', () => {
  it('[PB1] start with the roster before the gateway listens, and close after its last connection has left', async () => {
    const log: string[] = [];
    const { gateway, connect } = gatewayFixture({ sinks: [sink('first', log), sink('second', log)] });
    await gateway.start();
    connect({ client: { instanceId: 'a' } });
    await gateway.close();
    expect(log).toEqual([
      'first starts with gateway-1',
      'second starts with gateway-1',
      'first upsert a',
      'second upsert a',
      'first upsert a',
      'second upsert a',
      'first closes',
      'second closes',
    ]);
  });

  it('[PB2] one that throws turns no stored beacon into an error, and is counted', async () => {
    const log: string[] = [];
    const faulty = sink('faulty', log, {
      start(presence) {
        presence.subscribe(() => {
          throw new Error('broken');
        });
      },
    });
    const { gateway, connect } = gatewayFixture({ sinks: [faulty, sink('sound', log)] });
    await gateway.start();
    const client = connect({ scopes: ['operator.admin'], client: { mode: 'cli' } });
    expect(client.call('system-event', { text: 'x', instanceId: 'b' })).toMatchObject({ ok: true });
    expect(log).toEqual(['sound starts with gateway-1', 'sound upsert b']);
    await gateway.close();
  });

  it('[PB3] one that cannot start ends the start of the gateway; those before it are closed', async () => {
    const log: string[] = [];
    const faulty = sink('faulty', log, { start: () => Promise.reject(new Error('no broker')) });
    const { gateway } = gatewayFixture({ sinks: [sink('first', log), faulty, sink('last', log)] });
    await expect(gateway.start()).rejects.toThrow('no broker');
    expect(log).toEqual(['first starts with gateway-1', 'first closes', 'faulty closes']);
  });

  it('[PB3] one that does not close in time keeps no gateway from closing', async () => {
    const hanging = sink('hanging', [], { close: () => new Promise(() => {}) });
    const { gateway, timers } = gatewayFixture({ sinks: [hanging], drainMs: 1_000 });
    await gateway.start();
    const closed = gateway.close();
    await Promise.resolve();
    for (let turn = 0; turn < 20; turn += 1) {
      timers.advance(100);
      await Promise.resolve();
    }
    await closed;
  });

  it('[PB3] have names, and each its own', () => {
    expect(() => gatewayFixture({ sinks: [sink(' ', [])] })).toThrow(TypeError);
    expect(() => gatewayFixture({ sinks: [sink('a', []), sink('a', [])] })).toThrow(
      'two sinks have the name a',
    );
  });
});
