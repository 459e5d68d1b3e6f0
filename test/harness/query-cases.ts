import type { QueriedRow } from '../../src/viewer/index.ts';

/** The moment of {@link queryRows}, milliseconds since the epoch by the gateway's clock. */
export const queryNowMs = 1_800_000_000_000;

type KeyedRow = QueriedRow & {
  readonly key: string;
  readonly connections: number;
  readonly firstSeenAtMs: number;
  readonly sources: Readonly<Record<string, 'beacon'>>;
};

const ago = (seconds: number): number => queryNowMs - seconds * 1_000;
const row = (
  key: string,
  seconds: number,
  facts: Omit<QueriedRow, 'ts' | 'sources'> & Partial<Pick<KeyedRow, 'sources'>>,
): KeyedRow => ({
  key,
  ts: ago(seconds),
  connections: 0,
  firstSeenAtMs: ago(900),
  sources: {},
  ...facts,
});

/** Rows that queries are tried on, one of each state and with facts in several alphabets. */
export const queryRows: readonly KeyedRow[] = [
  row('gw', 0, { host: 'hub', mode: 'gateway', reason: 'self', self: true, version: '0.2.0' }),
  row('mac', 10, {
    host: 'Anna’s Mac',
    mode: 'ui',
    connections: 1,
    connectedAtMs: ago(600),
    platform: 'macOS 15.1',
    modelIdentifier: 'Mac15,6',
    roles: ['operator'],
    lastInputSeconds: 590,
    ip: '192.0.2.7',
    timeZone: 'Europe/Paris',
    instanceId: 'Mac',
    gateways: ['Studio'],
    annotations: { name: 'Reception', owner: 'Anna Keller', labels: ['front desk', 'vip'] },
  }),
  row('cam', 5, {
    host: 'kamera-büro',
    mode: 'node',
    tags: ['camera', 'prod-eu'],
    text: 'Node: basement corridor',
    reason: 'heartbeat',
    ip: 'fe80::1',
    gateways: ['Attic', 'Studio'],
    sources: {
      host: 'beacon',
      mode: 'beacon',
      tags: 'beacon',
      text: 'beacon',
      reason: 'beacon',
      ip: 'beacon',
    },
  }),
  row('web', 200, {
    host: '받아쓰기',
    mode: 'webchat',
    connections: 1,
    connectedAtMs: ago(800),
    roles: ['operator'],
  }),
  row('old', 290, {
    host: 'pi-4',
    mode: 'node',
    tags: ['prod-us'],
    platform: 'linux 6.1',
    sources: { host: 'beacon' },
  }),
  row('left', 30, {
    host: 'STRASSE',
    mode: 'ui',
    reason: 'disconnect',
    disconnectedAtMs: ago(30),
    cause: { code: 'connection-lost', evidence: 'no answer to pings for 50 s' },
  }),
  row('far', 40, {
    host: 'remote',
    mode: 'backend',
    connections: 1,
    unreachableSinceMs: ago(20),
    gateways: ['Cellar'],
  }),
];

/** What each query finds, on every surface: keys in the order of {@link queryRows} (PQ1). */
export const queryCases: readonly (readonly [query: string, keys: string])[] = [
  ['', 'gw mac cam web old left far'],
  ['   ', 'gw mac cam web old left far'],
  ['""', 'gw mac cam web old left far'],
  ['anna', 'mac'],
  ['ANNA mac', 'mac'],
  ['anna cam', ''],
  ['"basement corridor"', 'cam'],
  ['"corridor basement"', ''],
  ['corridor basement', 'cam'],
  ['heartbeat', 'cam'],
  ['192.0.2', 'mac'],
  ['fe80::1', 'cam'],
  ['paris', 'mac'],
  ['reception', 'mac'],
  ['keller', 'mac'],
  ['desktop', 'mac left'],
  ['disconnected', 'left'],
  ['reporting', 'cam'],
  ['pings', 'left'],
  ['state:online', 'gw mac'],
  ['state:idle', 'web old'],
  ['state:disconnected,unreachable', 'left far'],
  ['status:active', 'gw mac cam left far'],
  ['-state:online', 'cam web old left far'],
  ['mode:ui', 'mac left'],
  ['mode:UI,node', 'mac cam old left'],
  ['mode:u', ''],
  ['mode:web*', 'web'],
  ['tag:camera', 'cam'],
  ['tag:prod-*', 'cam old'],
  ['-tag:prod-*', 'gw mac web left far'],
  ['tag:camera -mode:ui', 'cam'],
  ['role:operator', 'mac web'],
  ['reason:heartbeat', 'cam'],
  ['gateway:studio', 'mac cam'],
  ['gateway:attic,cellar', 'cam far'],
  ['owner:anna', 'mac'],
  ['label:"front desk"', 'mac'],
  ['label:front', ''],
  ['label:vip mode:ui', 'mac'],
  ['name:reception', 'mac'],
  ['name:pi', 'old'],
  ['host:anna', 'mac'],
  ['ip:fe80', 'cam'],
  ['model:mac15', 'mac'],
  ['time-zone:paris', 'mac'],
  ['instance:mac', 'mac'],
  ['key:ca', 'cam'],
  ['cause:connection-lost', 'left'],
  ['version:0.2', 'gw'],
  ['last-input:>5m', 'mac'],
  ['last-input:<5m', ''],
  ['-last-input:>5m', 'gw cam web old left far'],
  ['age:>3m', 'web old'],
  ['connected:>12m', 'web'],
  ['disconnected:<1m', 'left'],
  // Composed and decomposed forms, full width letters and sharp s compare as people read them (PQ2).
  ['BU\u0308RO', 'cam'],
  ['\u1107\u1161\u11ae\u110b\u1161', 'web'],
  ['ｐｉ－４', 'old'],
  ['straße', 'left'],
  ['-', 'cam old left'],
  ['no:such', ''],
];
