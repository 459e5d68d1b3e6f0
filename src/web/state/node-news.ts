import type { Instance, InstanceChange } from '../../client/index.ts';
import { isDisconnected, rowName } from '../../viewer/index.ts';
import { isNode } from '../format/names.ts';

/** A node that came or went. */
export interface NodeNews {
  readonly what: 'connected' | 'gone';
  readonly key: string;
  readonly name: string | undefined;
}

/** Tells whether a change means that a node connected or went away. */
export function nodeNews(change: InstanceChange): NodeNews | undefined {
  const { instance, kind, key } = change;
  const before = change.kind === 'update' ? change.previous : undefined;
  if (!isNode(instance) && !(before && isNode(before))) return undefined;
  const wasHere = kind === 'leave' ? isHere(instance) : before !== undefined && isHere(before);
  const isHereNow = kind !== 'leave' && isHere(instance);
  if (wasHere === isHereNow) return undefined;
  return { what: isHereNow ? 'connected' : 'gone', key, name: rowName(instance) };
}

/** Gateways that do not count connections say only who left. */
function isHere(row: Instance): boolean {
  return row.connections === undefined ? !isDisconnected(row) : row.connections > 0;
}
