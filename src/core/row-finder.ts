import { normalizeIp } from './address.ts';
import type { ConnectionTable } from './connection-table.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Row } from './row.ts';
import type { RowStore } from './row-store.ts';
import { presenceKey, textKey } from './text-form.ts';
import { type BeaconUpdate, type Refused, refused } from './update.ts';

/** What is known of rows at other members, as far as it decides which row an update is about. */
export interface OtherMembers {
  /** True for the row of another gateway, which nobody but that gateway writes (PR2). */
  isGatewayRow(key: string): boolean;
  /** The freshest instance of a device, wherever its connections are (PK4). */
  freshestOfDevice(
    deviceId: string | undefined,
    isWanted: (key: string) => boolean,
  ): InstanceView | undefined;
  /** When the last connection of an instance closed; `undefined` when none did. */
  leftAtMs(key: string): number | undefined;
}

/** What a beacon is about. */
interface Resolved {
  readonly key: string;
  readonly row: Row | undefined;
  readonly facts: Facts;
}

const noKey = refused('no-key', 'an update needs an instanceId, deviceId, host, ip, live connection or text');
/** Nobody but the gateway writes its own row (PR2). */
export const selfRow: Refused = refused(
  'self-row',
  "the gateway's own row can be written by the gateway only",
);
const gatewayRow = refused('self-row', "a gateway's own row can be written by that gateway only");

/** Where a {@link RowFinder} searches. */
export interface RowFinderOptions {
  readonly rows: RowStore;
  readonly connections: ConnectionTable;
  /** `undefined` while there is nobody else. */
  readonly others: () => OtherMembers | undefined;
}

/** Finds which row an update is about: by its instance, its device, its sender, or its text (PK1 to PK4). */
export class RowFinder {
  readonly #rows: RowStore;
  readonly #connections: ConnectionTable;
  readonly #others: () => OtherMembers | undefined;

  constructor({ rows, connections, others }: RowFinderOptions) {
    this.#rows = rows;
    this.#connections = connections;
    this.#others = others;
  }

  /** Presence key of the row of a live connection. */
  keyOf(connectionId: string | undefined): string | undefined {
    const connection = this.#connections.get(connectionId);
    return connection?.row?.key ?? connection?.key;
  }

  /** Which row a beacon is about; `row` is undefined when it would be a new one here (PK3, PK4). */
  resolve(update: BeaconUpdate): Resolved | Refused {
    const { facts, key = this.#beaconKey(update) } = this.identify(update.facts);
    if (key === undefined) return noKey;
    const row = this.#rows.get(key);
    const refusal = claimsSelf(facts, row) ? selfRow : this.refusalOf(key);
    return refusal ?? { key, row, facts };
  }

  /** Rows of gateways are written by those gateways only (PR2). */
  refusalOf(key: string): Refused | undefined {
    if (this.#rows.isSelf(key)) return selfRow;
    return this.#others()?.isGatewayRow(key) === true ? gatewayRow : undefined;
  }

  /** Key of a beacon that names neither instance nor device (PK3). */
  #beaconKey({ facts, connectionId }: BeaconUpdate): string | undefined {
    const sender = this.#connections.get(connectionId)?.row;
    return presenceKey(facts.host) ?? normalizeIp(facts.ip) ?? sender?.key ?? textKey(facts.text);
  }

  /**
   * The row of an update by who it is: its instanceId, else the freshest row of its device, at whichever gateway (PK2, PK3,
   * PK4). One that is at other members alone brings its instanceId along.
   */
  identify(facts: Facts): { readonly facts: Facts; readonly key?: string } {
    const { deviceId } = facts;
    const instanceKey = presenceKey(facts.instanceId);
    if (instanceKey !== undefined) return { facts, key: instanceKey };
    const deviceKey = presenceKey(deviceId);
    if (deviceKey === undefined) return { facts };
    const own = this.#rows.ofDevice(deviceId);
    const theirs = this.#others()?.freshestOfDevice(deviceId, (key) => this.#rows.get(key) === undefined);
    if (theirs?.instanceId !== undefined && theirs.ts > (own?.view.ts ?? -1))
      return { facts: { ...facts, instanceId: theirs.instanceId }, key: theirs.key };
    return { facts, key: own?.key ?? deviceKey };
  }
}

/** True when merging these facts would make a row look like the gateway's own (PR2). */
export function claimsSelf(facts: Facts, row: Row | undefined): boolean {
  if (presenceKey(facts.mode ?? row?.facts.mode) !== 'gateway') return false;
  return presenceKey(facts.reason ?? row?.facts.reason) === 'self';
}
