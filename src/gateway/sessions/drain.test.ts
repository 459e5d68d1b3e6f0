import { expect, it } from 'vitest';
import { gatewayFixture } from '../../../test/harness/gateway-fixture.ts';

it('[PW8] says goodbye to everybody at once and closes a hundred connections at a time, spread over half of drainMs', async () => {
  const { gateway, connect, timers } = gatewayFixture({ drainMs: 300, maxEntries: 1_000 });
  const clients = Array.from({ length: 250 }, () => connect());
  const closed = (): number => clients.filter(({ transport }) => transport.closedWith !== undefined).length;
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  const closing = gateway.close('update');
  expect(clients.every((client) => client.events('shutdown').length === 1)).toBe(true);
  expect(closed()).toBe(100);
  await settled();
  timers.advance(49);
  await settled();
  expect(closed()).toBe(100);
  timers.advance(1);
  await settled();
  expect(closed()).toBe(200);
  timers.advance(50);
  await closing;
  expect(clients.map(({ transport }) => transport.closedWith)).toEqual(
    clients.map(() => ({ code: 1012, reason: 'service restart' })),
  );
});

it('[PW8] up to a hundred connections are closed in the same turn', () => {
  const { gateway, connect } = gatewayFixture();
  const clients = Array.from({ length: 100 }, () => connect());
  void gateway.close('update');
  expect(clients.every(({ transport }) => transport.closedWith?.code === 1012)).toBe(true);
  expect(clients[0]?.events('shutdown')).toEqual([{ reason: 'update' }]);
});

it('closing twice is closing once', async () => {
  const { gateway, connect } = gatewayFixture({ restartExpectedMs: 9 });
  const client = connect();
  await Promise.all([gateway.close('update'), gateway.close('again')]);
  expect(client.events('shutdown')).toEqual([{ reason: 'update', restartExpectedMs: 9 }]);
});
