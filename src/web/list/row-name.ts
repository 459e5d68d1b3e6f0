import type { Instance } from '../../client/index.ts';

/** The name of a row for people; undefined for one that says nothing about itself. */
export function rowName(row: Instance): string | undefined {
  return row.host ?? row.instanceId ?? row.deviceId ?? row.ip ?? row.text;
}

/** Whether the last connection of a row has closed. */
export function isDisconnected(row: Instance): boolean {
  if (row.connections !== undefined) return row.connections === 0 && row.disconnectedAtMs !== undefined;
  return row.reason === 'disconnect';
}

/** Whether a row is a node, or was one while it was connected. */
export function isNode(row: Instance): boolean {
  return row.mode === 'node' || (row.roles?.includes('node') ?? false);
}
