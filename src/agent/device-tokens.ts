import type { DeviceTokenStore } from '../client/index.ts';
import { fileStore } from '../client/node/index.ts';

/**
 * Stores the tokens that gateways granted to this computer: `agent-tokens.json` (0600) of the state folder, one entry an
 * address, so that the token of one gateway never reaches another.
 */
export function deviceTokens(folder: string): (url: string) => DeviceTokenStore {
  const store = fileStore({ folder, name: 'agent-tokens' });
  return (url) => ({
    get: async () => (await store.get(url)) || undefined,
    // The store has no removal: a blank stands for none.
    set: (token) => store.set(url, token ?? ''),
  });
}
