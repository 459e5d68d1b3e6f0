import type { PresenceEntry } from '../core/entry.ts';
import { sameValue } from '../core/same-value.ts';
import type { Instance } from './instance.ts';

/** The rows of a viewer so far, by key. */
type Known = (key: string) => Instance | undefined;

/**
 * Gives every entry of a full list a key, for gateways whose entries carry none.
 *
 * The key is the lower-cased instanceId, else deviceId, host, ip or text. Entries with the same key are kept
 * apart by a suffix (`#2`, `#3` …), so that no row is lost; an entry that did not change keeps the suffix it had.
 */
export function keyEntries(entries: readonly PresenceEntry[], known: Known): Instance[] {
  const taken = new Set<string>();
  const settled = entries.map((entry) => sameAsBefore(entry, known, taken));
  return entries.map((entry, index) => settled[index] ?? fresh(entry, taken));
}

/** The key of an entry before suffixes. */
export function entryKey(entry: PresenceEntry): string {
  const names = [entry.instanceId, entry.deviceId, entry.host, entry.ip, entry.text];
  return names.map((name) => name?.trim().toLowerCase()).find((name) => name) ?? 'unknown';
}

function sameAsBefore(entry: PresenceEntry, known: Known, taken: Set<string>): Instance | undefined {
  const base = entryKey(entry);
  for (let count = 1; ; count += 1) {
    const key = suffixed(base, count);
    const row = known(key);
    if (row === undefined) return undefined;
    if (taken.has(key) || row.ts !== entry.ts || !sameValue(row, keyed(entry, key))) continue;
    taken.add(key);
    return row;
  }
}

function fresh(entry: PresenceEntry, taken: Set<string>): Instance {
  const base = entryKey(entry);
  let count = 1;
  while (taken.has(suffixed(base, count))) count += 1;
  const key = suffixed(base, count);
  taken.add(key);
  return keyed(entry, key);
}

function suffixed(base: string, count: number): string {
  return count === 1 ? base : `${base}#${count}`;
}

function keyed(entry: PresenceEntry, key: string): Instance {
  const isGateway = entry.mode === 'gateway' && entry.reason === 'self';
  return isGateway ? { ...entry, key, self: true } : { ...entry, key };
}
