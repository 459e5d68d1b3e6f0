import { useCallback, useEffect, useState } from 'react';
import type { ClientState, Instance, PresenceClient } from '../client/index.ts';
import { usePresenceClient } from './provider.ts';
import { useSelection } from './selection.ts';

/** Which rows to show, and what of them. */
export interface PresenceQuery<T> {
  /** Keeps the rows for which it is true; all by default. */
  readonly filter?: (instance: Instance) => boolean;
  /** What to give of a row; the row itself by default. */
  readonly select?: (instance: Instance) => T;
}

/**
 * The rows of the roster, self first, then newest first.
 *
 * The same array as long as all of its items are the same, so a change of a row that is filtered out, or of a fact that is not
 * selected, renders nothing.
 */
export function usePresence(query?: {
  readonly filter?: (instance: Instance) => boolean;
}): readonly Instance[];
export function usePresence<T>(
  query: PresenceQuery<T> & { readonly select: (instance: Instance) => T },
): readonly T[];
export function usePresence({ filter, select }: PresenceQuery<unknown> = {}): readonly unknown[] {
  const choose = useCallback(
    ({ roster: { instances } }: PresenceClient): readonly unknown[] => {
      const kept = filter ? instances.filter((instance) => filter(instance)) : instances;
      return select ? kept.map((instance) => select(instance)) : kept;
    },
    [filter, select],
  );
  return useSelection(choose, sameItems);
}

/** One row by its key, in any letter case; undefined while there is none. Renders only when this row changes. */
export function useInstance(key: string): Instance | undefined {
  const choose = useCallback((client: PresenceClient) => client.get(key), [key]);
  return useSelection(choose);
}

/** Where the connection stands. Renders only when that changes. */
export function usePresenceState(): ClientState {
  return useSelection(stateOf);
}

/** The gateway's clock, in milliseconds since the epoch; renders again every `everyMs` (1 000), for ages that tick (PS4). */
export function useServerNow(everyMs = 1_000): number {
  const client = usePresenceClient();
  const [nowMs, setNowMs] = useState(() => client.serverNowMs());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(client.serverNowMs()), everyMs);
    return () => clearInterval(timer);
  }, [client, everyMs]);
  return nowMs;
}

function stateOf({ state }: PresenceClient): ClientState {
  return state;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
}
