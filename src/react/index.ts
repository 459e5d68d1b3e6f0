/** Live presence in React 18 and later. */
export { type PresenceQuery, useInstance, usePresence, usePresenceState, useServerNow } from './hooks.ts';
export { PresenceProvider, type PresenceProviderProps, usePresenceClient } from './provider.ts';
