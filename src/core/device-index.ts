import { presenceKey } from './key.ts';
import { RecencyList, type RecencyNode } from './recency-list.ts';
import type { Row } from './row.ts';

interface DeviceRows {
  readonly rows: RecencyList<Row>;
  /** Rows without a live connection, by mode: what a new connection of the device may take over (PK8). */
  readonly disconnected: Map<string, RecencyList<Row>>;
}

/** Finds rows by device id, freshest first, in O(1) (PK4, PK8). */
export class DeviceIndex {
  readonly #devices = new Map<string, DeviceRows>();

  /** The freshest row that carries this device id (PK4). */
  freshest(deviceId: string | undefined): Row | undefined {
    const key = presenceKey(deviceId);
    return key === undefined ? undefined : this.#devices.get(key)?.rows.newest;
  }

  /** The freshest row of this device and mode that has no live connection (PK8). */
  newestDisconnected(deviceId: string | undefined, mode: string | undefined): Row | undefined {
    const key = presenceKey(deviceId);
    return key === undefined ? undefined : this.#devices.get(key)?.disconnected.get(modeKey(mode))?.newest;
  }

  /** Puts a row at the newest place of its device; to be called whenever the row was updated or renewed. */
  place(row: Row): void {
    const deviceId = presenceKey(row.facts.deviceId);
    if (deviceId === undefined && row.devicePlace === undefined) return;
    const mode = modeKey(row.facts.mode);
    if (this.#renew(row, deviceId, mode)) return;
    this.remove(row);
    if (deviceId === undefined) return;
    const device = this.#device(deviceId);
    row.devicePlace = {
      deviceId,
      mode,
      node: device.rows.add(row),
      disconnectedNode: row.connections === 0 ? disconnectedRows(device, mode).add(row) : undefined,
    };
  }

  /** Takes a row out; harmless when it is not there. */
  remove(row: Row): void {
    const place = row.devicePlace;
    if (place === undefined) return;
    const device = this.#device(place.deviceId);
    device.rows.remove(place.node);
    if (place.disconnectedNode !== undefined) removeDisconnected(device, place.mode, place.disconnectedNode);
    if (device.rows.size === 0) this.#devices.delete(place.deviceId);
    row.devicePlace = undefined;
  }

  /** Renews a row where it stands, without garbage; false when it has to stand elsewhere. */
  #renew(row: Row, deviceId: string | undefined, mode: string): boolean {
    const place = row.devicePlace;
    if (place === undefined || place.deviceId !== deviceId || place.mode !== mode) return false;
    if ((place.disconnectedNode === undefined) !== row.connections > 0) return false;
    const device = this.#device(deviceId);
    device.rows.renew(place.node);
    if (place.disconnectedNode !== undefined) disconnectedRows(device, mode).renew(place.disconnectedNode);
    return true;
  }

  #device(deviceId: string): DeviceRows {
    let device = this.#devices.get(deviceId);
    if (device === undefined) {
      device = { rows: new RecencyList(), disconnected: new Map() };
      this.#devices.set(deviceId, device);
    }
    return device;
  }
}

function disconnectedRows(device: DeviceRows, mode: string): RecencyList<Row> {
  let rows = device.disconnected.get(mode);
  if (rows === undefined) {
    rows = new RecencyList();
    device.disconnected.set(mode, rows);
  }
  return rows;
}

function removeDisconnected(device: DeviceRows, mode: string, node: RecencyNode<Row>): void {
  const rows = device.disconnected.get(mode);
  rows?.remove(node);
  if (rows?.size === 0) device.disconnected.delete(mode);
}

function modeKey(mode: string | undefined): string {
  return presenceKey(mode) ?? '';
}
