import { computed, type ReadonlySignal } from '@preact/signals';
import type { PresenceClient } from '../../client/index.ts';
import { createHistory, type History, type PastInstance, pastInstances } from './history.ts';
import { createSinceVisit, type SinceVisit } from './since-visit.ts';
import type { KeyValues } from './storage.ts';

/** The history of a board; loaded after the list is shown. */
export interface Memory {
  readonly history: History;
  readonly sinceVisit: SinceVisit;
  /** Instances that left today and are not listed; latest first. */
  readonly past: ReadonlySignal<readonly PastInstance[]>;
  close(): void;
}

/** Makes a history that begins now. */
export function createMemory(deps: {
  readonly client: PresenceClient;
  readonly kept: KeyValues;
  readonly document: Document;
  readonly hiddenSinceMs: number | undefined;
}): Memory {
  const { client, kept, document, hiddenSinceMs } = deps;
  const serverNowMs = (): number => client.serverNowMs();
  const history = createHistory(client);
  const sinceVisit = createSinceVisit({ history, kept, document, serverNowMs, hiddenSinceMs });
  const isListed = (key: string): boolean => client.get(key) !== undefined;
  return {
    history,
    sinceVisit,
    // It changes with the journal, not with every second.
    past: computed(() => pastInstances(history.entries.value, isListed, serverNowMs())),
    close: () => sinceVisit.close(),
  };
}
