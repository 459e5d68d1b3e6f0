import type { Instance } from '../../client/index.ts';

/** The name of a row for people; undefined for one that says nothing about itself. */
export function rowName(row: Instance): string | undefined {
  return row.host ?? row.instanceId ?? row.deviceId ?? row.ip ?? row.text;
}

/** Whether a row is a node, or was one while it was connected. */
export function isNode(row: Instance): boolean {
  return row.mode === 'node' || (row.roles?.includes('node') ?? false);
}
