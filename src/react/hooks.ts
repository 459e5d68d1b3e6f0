import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ClientState, Instance } from '../client/index.ts';
import { usePresenceClient } from './provider.ts';
import { RowSelection } from './row-selection.ts';

/** Which rows to show, and what of them. */
export interface PresenceQuery<T> {
  /** Keeps the rows for which it is true; all by default. */
  readonly filter?: (instance: Instance) => boolean;
  /** What to return of a row; the row itself by default. */
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
  const client = usePresenceClient();
  const shown = useRef<readonly unknown[] | undefined>(undefined);
  const selection = useMemo(
    () => new RowSelection(client, { filter, select }, () => shown.current),
    [client, filter, select],
  );
  const items = useSyncExternalStore(selection.subscribe, selection.items, selection.items);
  useEffect(() => {
    shown.current = items;
  }, [items]);
  return items;
}

/** One row by its key, in any letter case; undefined while there is none. Renders, and is called, only when this row changes. */
export function useInstance(key: string): Instance | undefined {
  const client = usePresenceClient();
  const subscribe = useCallback((onChange: () => void) => client.onInstance(key, onChange), [client, key]);
  const read = useCallback(() => client.get(key), [client, key]);
  return useSyncExternalStore(subscribe, read, read);
}

/** The state of the connection. Renders only when that changes. */
export function usePresenceState(): ClientState {
  const client = usePresenceClient();
  const read = useCallback(() => client.state, [client]);
  return useSyncExternalStore(client.onState, read, read);
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
