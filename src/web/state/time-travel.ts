import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Instance, PresenceClient } from '../../client/index.ts';
import type { ViewState } from './view-state.ts';

/** The roster as it was. */
export interface PastRoster {
  readonly atMs: number;
  /** Undefined when the gateway could not answer. */
  readonly instances: readonly Instance[] | undefined;
}

/** Follows `at=` of the view: the roster at that moment, read from the gateway's journal. */
export interface TimeTravel {
  /** Undefined while the page shows what is now. */
  readonly past: ReadonlySignal<PastRoster | undefined>;
  close(): void;
}

/** Follows a moment, which may change many times a second while a slider is dragged: the last one counts. */
export function createTimeTravel(
  client: Pick<PresenceClient, 'request'>,
  view: ReadonlySignal<ViewState>,
  /** Requests wait until the client is connected. */
  isLive: ReadonlySignal<boolean>,
): TimeTravel {
  const past = signal<PastRoster | undefined>(undefined);
  let wanted: number | undefined;
  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    while (wanted !== undefined && past.peek()?.atMs !== wanted) {
      const atMs = wanted;
      const instances = await client
        .request<{ readonly instances?: readonly Instance[] }>('presence.list', { at: atMs })
        .then((answer) => answer.instances)
        .catch(() => undefined);
      if (wanted !== undefined) past.value = { atMs, instances };
    }
    isAsking = false;
  };
  const close = effect(() => {
    wanted = view.value.atMs;
    if (wanted === undefined) past.value = undefined;
    else if (isLive.value) void ask();
  });
  return { past, close };
}
