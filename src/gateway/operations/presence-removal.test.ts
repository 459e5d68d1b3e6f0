import { describe, expect, it } from 'vitest';
import { gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import { askHttp } from '../../../test/harness/http-client.ts';
import { gatewayStarter } from '../../../test/harness/listening-gateway.ts';
import type { Change, InstanceView, Sink } from '../../core/index.ts';

function recorder(): Sink & { readonly changes: Change[] } {
  const changes: Change[] = [];
  return {
    name: 'recorder',
    changes,
    start(presence) {
      presence.subscribe((batch) => changes.push(...batch));
    },
    close: async () => {},
  };
}

async function fixture() {
  const sink = recorder();
  const gateway = gatewayFixture({ sinks: [sink] });
  await gateway.gateway.start();
  const admin = gateway.connect({ client: { mode: 'cli' }, scopes: ['operator.admin'] });
  const rows = (): readonly InstanceView[] =>
    admin.call<{ instances: InstanceView[] }>('presence.list').instances;
  return { ...gateway, admin, rows, changes: sink.changes, stop: () => gateway.gateway.close() };
}

const cause = { code: 'removed', evidence: 'by the credential token' };

describe('presence.disconnect', () => {
  it('[PO6] closes all connections of an instance, says who asked, and keeps the row', async () => {
    const { admin, connect, rows, changes, stop } = await fixture();
    const victims = [1, 2].map(() => connect({ client: { instanceId: 'Victim' } }));
    const bystander = connect({ client: { instanceId: 'bystander' } });
    expect(admin.call('presence.disconnect', { key: ' VICTIM ' })).toEqual({
      ok: true,
      closed: 2,
      remaining: 0,
    });
    for (const { transport } of victims) {
      expect(transport.closedWith).toEqual({ code: 1008, reason: 'disconnected by an operator' });
    }
    expect(bystander.transport.isOpen).toBe(true);
    expect(rows().find(({ key }) => key === 'victim')).toMatchObject({
      connections: 0,
      reason: 'disconnect',
    });
    expect(changes.findLast(({ key }) => key === 'victim')).toMatchObject({ kind: 'upsert', cause });
    void stop();
  });
});

describe('presence.remove', () => {
  it('[PO7] closes the connections of an instance and forgets its row', async () => {
    const { admin, connect, rows, changes, stop } = await fixture();
    const victim = connect({ client: { instanceId: 'victim' } });
    expect(admin.call('presence.remove', { key: 'victim' })).toEqual({ ok: true, closed: 1, removed: true });
    expect(victim.transport.closedWith?.code).toBe(1008);
    expect(rows().map(({ key }) => key)).toEqual(['gateway-1']);
    expect(changes.at(-1)).toMatchObject({ kind: 'remove', key: 'victim', trigger: 'removed', cause });
    void stop();
  });

  it('[PO7] an instance that comes back is listed again', async () => {
    const { admin, connect, rows, stop } = await fixture();
    connect({ client: { instanceId: 'victim' } });
    admin.call('presence.remove', { key: 'victim' });
    connect({ client: { instanceId: 'victim' } });
    expect(rows().map(({ key }) => key)).toEqual(['gateway-1', 'victim']);
    void stop();
  });
});

describe.each(['presence.disconnect', 'presence.remove'])('%s', (method) => {
  it('[PO6] [PO7] refuses the row of the gateway, an unknown key and callers without operator.admin', async () => {
    const { admin, connect, stop } = await fixture();
    expect(admin.refused(method, { key: 'gateway-1' })).toMatchObject({ details: { code: 'SELF_ROW' } });
    expect(admin.refused(method, { key: 'nobody' })).toMatchObject({
      code: 'NOT_FOUND',
      message: 'no instance with the key nobody',
      details: { code: 'UNKNOWN_INSTANCE' },
    });
    const writer = connect({ scopes: ['operator.write'], client: { mode: 'cli' } });
    expect(writer.refused(method, { key: 'nobody' })).toMatchObject({
      details: { code: 'MISSING_SCOPE', missingScope: 'operator.admin' },
    });
    void stop();
  });
});

describe('over HTTP', () => {
  const start = gatewayStarter();

  it('[PO6] [PO7] disconnects by POST and removes by DELETE', async () => {
    const gateway = await start();
    const client = gateway.dial();
    await client.connect({ client: { instanceId: 'a b/c' } });
    const path = `/api/v1/presence/${encodeURIComponent('a b/c')}`;
    const disconnected = await askHttp(gateway, `${path}/disconnect`, { method: 'POST' });
    expect([disconnected.status, disconnected.json]).toEqual([200, { ok: true, closed: 1, remaining: 0 }]);
    const removed = await askHttp(gateway, path, { method: 'DELETE' });
    expect([removed.status, removed.json]).toEqual([200, { ok: true, closed: 0, removed: true }]);
    const again = await askHttp(gateway, path, { method: 'DELETE' });
    expect([again.status, again.json.error.code]).toEqual([404, 'NOT_FOUND']);
    const wrong = await askHttp(gateway, path, { method: 'PUT' });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'DELETE, OPTIONS']);
  });
});
