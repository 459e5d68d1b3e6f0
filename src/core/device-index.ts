import { RecencyIndex } from './recency-index.ts';
import type { Row } from './row.ts';
import { presenceKey } from './text-form.ts';

/** Finds rows by device id, freshest first, in O(1) (PK4, PK8). */
export class DeviceIndex {
  readonly #ofDevice = new RecencyIndex<Row>();
  /** Rows without a live connection, by device and mode: what a new connection of the device may take over (PK8). */
  readonly #disconnected = new RecencyIndex<Row>();

  /** The freshest row that carries this device id (PK4). */
  freshest(deviceId: string | undefined): Row | undefined {
    const device = presenceKey(deviceId);
    return device === undefined ? undefined : this.#ofDevice.newest(device);
  }

  /** The freshest row of this device and mode that has no live connection (PK8). */
  newestDisconnected(deviceId: string | undefined, mode: string | undefined): Row | undefined {
    const device = presenceKey(deviceId);
    return device === undefined ? undefined : this.#disconnected.newest(modeKey(device, mode));
  }

  /** Puts a row at the newest place of its device; to be called whenever the row was updated or renewed. */
  place(row: Row): void {
    const { deviceId, mode } = row.facts;
    const device = presenceKey(deviceId);
    const left = device === undefined || row.connections > 0 ? undefined : modeKey(device, mode);
    row.ofDevice = this.#ofDevice.place(row.ofDevice, device, row);
    row.disconnected = this.#disconnected.place(row.disconnected, left, row);
  }

  /** Takes a row out; harmless when it is not there. */
  remove(row: Row): void {
    row.ofDevice = this.#ofDevice.place(row.ofDevice, undefined, row);
    row.disconnected = this.#disconnected.place(row.disconnected, undefined, row);
  }
}

/** What clients state has no control characters (PF2), so that every pair has a key of its own. */
function modeKey(device: string, mode: string | undefined): string {
  return `${presenceKey(mode) ?? ''}\n${device}`;
}
