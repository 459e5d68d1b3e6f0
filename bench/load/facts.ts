/** The facts that a client reports about itself; ASCII only, about as long as those of a desktop app. */
export interface ClientFacts {
  readonly instanceId: string;
  readonly host: string;
  readonly version: string;
  readonly platform: string;
  readonly deviceFamily: string;
  readonly modelIdentifier: string;
  readonly mode: string;
}

/** The facts of a beacon: the text carries the count of the row's beacons, so that a viewer can identify it. */
export interface BeaconFacts extends ClientFacts {
  readonly ip: string;
  readonly reason: string;
  readonly lastInputSeconds: number;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly tags: readonly string[];
  readonly text: string;
}

const PREFIX = 'bench-instance-';

/** Facts of the client or row with this index. */
export function clientFacts(index: number): ClientFacts {
  const number = String(index).padStart(7, '0');
  return {
    instanceId: `${PREFIX}${number}`,
    host: `workstation-${number}`,
    version: '2026.9.6',
    platform: 'linux 6.18.4-generic',
    deviceFamily: 'Linux',
    modelIdentifier: 'ThinkStation-P3-Tower',
    mode: 'ui',
  };
}

/** The `count`th beacon of a row. */
export function beaconFacts(index: number, count: number): BeaconFacts {
  return {
    ...clientFacts(index),
    ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    reason: 'periodic',
    lastInputSeconds: count % 300,
    roles: ['operator'],
    scopes: ['operator.read', 'operator.write'],
    tags: ['bench', 'workstation'],
    text: `beacon ${count}`,
  };
}

/** Index of the row with this instance id; undefined for rows that are not the benchmark's, like a gateway's own. */
export function rowIndex(instanceId: unknown): number | undefined {
  if (typeof instanceId !== 'string' || !instanceId.startsWith(PREFIX)) return undefined;
  return Number(instanceId.slice(PREFIX.length));
}

/** Count of the beacon that wrote this text last, 0 when none did. */
export function beaconCount(text: unknown): number {
  return typeof text === 'string' && text.startsWith('beacon ') ? Number(text.slice('beacon '.length)) : 0;
}
