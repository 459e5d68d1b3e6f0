import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { ClientState, PresenceClient, RosterSnapshot } from '../client/index.ts';
import { usePresenceClient } from './provider.ts';

/** What was selected last, and from what. */
interface Memo<T> {
  readonly roster: RosterSnapshot;
  readonly state: ClientState;
  readonly value: T;
}

/**
 * Something selected from the client; renders again only when `isSame` says that it is not the same.
 *
 * `select` may be a new function at every render: what was shown last is kept as long as the new result is the same.
 */
export function useSelection<T>(
  select: (client: PresenceClient) => T,
  isSame: (a: T, b: T) => boolean = Object.is,
): T {
  const client = usePresenceClient();
  const shown = useRef<{ readonly value: T } | undefined>(undefined);
  const getSnapshot = useMemo(() => {
    let memo: Memo<T> | undefined;
    return (): T => {
      const { roster, state } = client;
      if (memo?.roster === roster && memo.state === state) return memo.value;
      const last = memo ?? shown.current;
      const selected = select(client);
      memo = { roster, state, value: last && isSame(last.value, selected) ? last.value : selected };
      return memo.value;
    };
  }, [client, select, isSame]);
  const value = useSyncExternalStore(client.subscribe, getSnapshot, getSnapshot);
  useEffect(() => {
    shown.current = { value };
  }, [value]);
  return value;
}
