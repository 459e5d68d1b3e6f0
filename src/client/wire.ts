import type { InstanceView, PresenceEntry } from '../core/entry.ts';
import type { PresenceDelta } from '../protocol/wire-view.ts';

export type { PresenceDelta };

/** Answer of `presence.list` (docs/protocol.md). */
export interface PresenceList {
  readonly epoch: string;
  readonly version: number;
  readonly now: number;
  readonly maxEntries?: number;
  readonly truncated?: boolean;
  readonly journalCursor?: string;
  readonly instances: readonly InstanceView[];
}

/** Reads a `presence.list` answer; undefined when it is none. Rows that are no rows are left out. */
export function readPresenceList(value: unknown): PresenceList | undefined {
  const list = fields<PresenceList>(value);
  if (typeof list.epoch !== 'string' || !isCount(list.version) || !isCount(list.now)) return undefined;
  if (!Array.isArray(list.instances)) return undefined;
  return { ...(list as PresenceList), instances: list.instances.filter(isKeyedRow) };
}

/** Reads a `presence.delta` payload; undefined when it is none. */
export function readPresenceDelta(value: unknown): PresenceDelta | undefined {
  const delta = fields<PresenceDelta>(value);
  if (typeof delta.epoch !== 'string' || !isCount(delta.from) || !isCount(delta.to)) return undefined;
  if (!isCount(delta.now) || !Array.isArray(delta.upsert) || !Array.isArray(delta.remove)) return undefined;
  return { ...(delta as PresenceDelta), upsert: delta.upsert.filter(isKeyedRow) };
}

/** Reads a full list of entries; undefined when it is none. */
export function readEntries(value: unknown): readonly PresenceEntry[] | undefined {
  return Array.isArray(value) ? value.filter(isRow) : undefined;
}

/** The members of a record that came over the wire; none when it is no record. */
export function fields<T extends object>(value: unknown): Partial<T> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A whole number from zero. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRow(value: unknown): value is PresenceEntry {
  return Number.isFinite(fields<PresenceEntry>(value).ts);
}

function isKeyedRow(value: unknown): value is InstanceView {
  return isRow(value) && typeof fields<InstanceView>(value).key === 'string';
}
