import type { Signal } from '@preact/signals';
import type { Instance, PresenceClient } from '../../client/index.ts';
import { type Duplicate, findDuplicates, isViewer } from '../../viewer/index.ts';

/** How many instances the gateway's roster holds, and whether some were dropped for want of room. */
export interface RosterRoom {
  readonly maxEntries: number;
  readonly truncated: boolean;
}

/** What an inspector finds. */
export interface Findings {
  /** Undefined until the gateway has told. */
  readonly room: Signal<RosterRoom | undefined>;
  /** Rows that are most likely one instance, as `rollcall doctor` finds them. */
  readonly duplicates: Signal<readonly Duplicate<Instance>[]>;
}

/** A filter that lets the gateway's own row through: the answer is short, whatever the roster holds. */
const shortList = { mode: 'gateway' };

/** Makes the function that looks now and then for what no delta tells: whether the roster is full, and duplicates. */
export function createInspector(client: PresenceClient, { room, duplicates }: Findings): () => void {
  let searched: readonly Instance[] = [];
  let isAsking = false;
  const askRoom = async (): Promise<void> => {
    isAsking = true;
    try {
      const answer = await client.request<Partial<RosterRoom>>('presence.list', shortList);
      room.value = { maxEntries: answer.maxEntries ?? 0, truncated: answer.truncated ?? false };
    } catch {
      // Another gateway may not serve it; then the page does not say that the list is full.
    }
    isAsking = false;
  };
  return () => {
    const { instances, live } = client.roster;
    const known = room.peek();
    const mayBeFull = known === undefined || known.truncated || instances.length >= known.maxEntries;
    if (live && mayBeFull && !isAsking) void askRoom();
    if (instances === searched) return;
    searched = instances;
    // This page in other windows is no mistake of a client.
    duplicates.value = findDuplicates(instances.filter((row) => !isViewer(row)));
  };
}
