import type { Signal } from '@preact/signals';
import type { Instance, PresenceClient } from '../../client/index.ts';
import { type Duplicate, findDuplicates, isViewer } from '../../viewer/index.ts';

/** How many instances the gateway's roster holds, and whether some were dropped because there were too many. */
export interface RosterRoom {
  readonly maxEntries: number;
  readonly truncated: boolean;
}

/** Findings of the inspector. */
export interface Findings {
  /** Undefined until the gateway has answered. */
  readonly room: Signal<RosterRoom | undefined>;
  /** Rows that are most likely one instance, as `rollcall doctor` finds them. */
  readonly duplicates: Signal<readonly Duplicate<Instance>[]>;
}

/** A filter that only the gateway's own row passes, so that the answer is short. */
const shortList = { mode: 'gateway' };

/** Makes the function that is called now and then to find what no delta contains: whether the roster is full, and duplicates. */
export function createInspector(client: PresenceClient, { room, duplicates }: Findings): () => void {
  let searched: readonly Instance[] = [];
  let isAsking = false;
  const askRoom = async (): Promise<void> => {
    isAsking = true;
    try {
      const answer = await client.request<Partial<RosterRoom>>('presence.list', shortList);
      room.value = { maxEntries: answer.maxEntries ?? 0, truncated: answer.truncated ?? false };
    } catch {
      // Another gateway may not serve it; then the page does not show whether the list is full.
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
