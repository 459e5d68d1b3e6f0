import {
  type Context,
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
} from 'react';
import type { PresenceClient } from '../client/index.ts';

const PresenceContext: Context<PresenceClient | undefined> = createContext<PresenceClient | undefined>(
  undefined,
);

/** Properties of `PresenceProvider`. */
export interface PresenceProviderProps {
  /** Its owner starts and stops it. */
  readonly client: PresenceClient;
  readonly children?: ReactNode;
}

/** Gives a presence client to the hooks below it. */
export function PresenceProvider({ client, children }: PresenceProviderProps): ReactElement {
  return createElement(PresenceContext.Provider, { value: client }, children);
}

/** The client of the nearest provider, for `beacon` and `request`. Throws a TypeError outside of one. */
export function usePresenceClient(): PresenceClient {
  const client = useContext(PresenceContext);
  if (client === undefined) throw new TypeError('presence hooks need a <PresenceProvider client> above them');
  return client;
}
