import { PresenceEntrySchema as StrictEntrySchema } from '@openclaw/gateway-protocol';
import { describe, expect, it } from 'vitest';
import { schemaCheck } from './schema-check.ts';
import {
  InstanceViewSchema,
  PresenceDeltaSchema,
  PresenceEntrySchema,
  PresenceListResultSchema,
} from './wire-view.ts';

const entry = {
  host: 'h',
  ip: '192.0.2.1',
  version: '1',
  platform: 'linux',
  deviceFamily: 'Linux',
  modelIdentifier: 'x64',
  timeZone: 'UTC',
  mode: 'ui',
  lastInputSeconds: 0,
  reason: 'connect',
  roles: ['operator'],
  scopes: ['operator.read'],
  tags: ['t'],
  text: 't',
  deviceId: 'd',
  instanceId: 'i',
  ts: 1,
};

const view = {
  ...entry,
  key: 'i',
  connections: 1,
  firstSeenAtMs: 1,
  connectedAtMs: 1,
  rttMs: 3,
  observedIp: '192.0.2.1',
  reportedIp: '198.51.100.1',
  hostStats: { cpuCount: 1, loadAverage: [0.1, 0, 0], memoryTotalBytes: 2, memoryFreeBytes: 1 },
  sources: { host: 'beacon', ip: 'socket' },
  self: true,
  gatewayIds: ['g'],
};

describe('schemas of what we send', () => {
  it('[PF1] an entry with every fact passes ours and the strict schema', () => {
    expect(schemaCheck(PresenceEntrySchema)(entry)).toBeUndefined();
    expect(schemaCheck(StrictEntrySchema)(entry)).toBeUndefined();
  });

  it.each([
    ['ts', undefined],
    ['ts', 1.5],
    ['host', ''],
    ['ip', null],
    ['lastInputSeconds', -1],
    ['lastInputSeconds', 0.5],
    ['roles', ['']],
    ['key', 'i'],
    ['onlineSince', 5],
  ])('[PF1] an entry whose %s is %j does not pass', (name, value) => {
    expect(schemaCheck(PresenceEntrySchema)({ ...entry, [name]: value })?.path).toContain(`/${name}`);
  });

  it('[PF3] [PC9] the instance view has facts beyond the strict schema, also of newer gateways', () => {
    const check = schemaCheck(InstanceViewSchema);
    expect(check(view)).toBeUndefined();
    expect(check({ ...view, battery: 80, sources: { battery: 'beacon', ip: 'lldp' } })).toBeUndefined();
    expect(check({ ...view, sources: {} })).toBeUndefined();
    expect(check({ ...view, sources: { ip: '' } })?.path).toBe('/sources/ip');
    expect(check({ ...view, sources: { ip: 1 } })?.path).toBe('/sources/ip');
    expect(check({ ...view, self: false })?.path).toBe('/self');
  });

  it('[PE2] [PE3] lists and deltas carry views, versions and the time', () => {
    const list = { epoch: 'e', version: 0, now: 1, maxEntries: 200, truncated: false, instances: [view] };
    const delta = { epoch: 'e', from: 0, to: 1, now: 1, upsert: [view], remove: ['k'] };
    expect(schemaCheck(PresenceListResultSchema)(list)).toBeUndefined();
    expect(schemaCheck(PresenceDeltaSchema)(delta)).toBeUndefined();
    expect(schemaCheck(PresenceDeltaSchema)({ ...delta, upsert: [{ ...view, ts: -1 }] })?.path).toBe(
      '/upsert/0/ts',
    );
  });
});
