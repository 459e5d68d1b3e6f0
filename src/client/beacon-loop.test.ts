import { describe, expect, it, vi } from 'vitest';
import { pass, scriptedClient } from '../../test/harness/scripted-client.ts';

const fixture = scriptedClient();
const { connect } = fixture;

describe('beacons', () => {
  it('[PR6] are sent automatically, with the own facts', async () => {
    const beaconFields = () => ({ lastInputSeconds: 3 });
    const socket = await connect({ beaconIntervalMs: 20_000, beaconFields });
    await pass(20_000);
    socket.answer('system-event', { ok: true });
    await pass(20_000);
    const beacons = socket.sent.filter(({ method }) => method === 'system-event');
    expect(beacons).toHaveLength(2);
    expect(beacons[0]?.params).toMatchObject({
      instanceId: 'me',
      host: 'Me',
      mode: 'ui',
      reason: 'periodic',
      lastInputSeconds: 3,
    });
  });

  it('[PA5] end for a connection that may not send them', async () => {
    const logger = { debug: vi.fn(), warn: vi.fn() };
    const socket = await connect({ beaconIntervalMs: 10_000, logger });
    await pass(10_000);
    socket.refuse('system-event', { code: 'FORBIDDEN', message: 'missing scope: operator.admin' });
    await pass(20_000);
    expect(socket.sent.filter(({ method }) => method === 'system-event')).toHaveLength(1);
    expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('operator.admin'));
  });

  it('[PA5] about another instance hold no facts of this one', async () => {
    const socket = await connect();
    const sent = fixture.client.beacon({ instanceId: 'other', ip: '192.0.2.9' });
    expect(socket.sent.at(-1)?.params).toEqual({
      instanceId: 'other',
      ip: '192.0.2.9',
      text: expect.any(String),
    });
    socket.answer('system-event', { ok: true });
    expect(await sent).toEqual({ ok: true });
  });
});
