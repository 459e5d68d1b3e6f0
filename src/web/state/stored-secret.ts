import type { KeyValues } from './storage.ts';

/** Storage of the token of a signed-in person. */
export interface StoredSecret {
  get(): string | undefined;
  /** Stores it for this tab, or for this browser on request. */
  set(secret: string, remember: boolean): void;
  forget(): void;
}

const secretKey = 'secret';

/** Stores a secret in the storage of the tab, or in that of the browser on request; never in both. */
export function createStoredSecret(options: {
  readonly tab: KeyValues;
  readonly browser: KeyValues;
}): StoredSecret {
  const { tab, browser } = options;
  const forget = (): void => {
    tab.set(secretKey, undefined);
    browser.set(secretKey, undefined);
  };
  return {
    get: () => tab.get(secretKey) ?? browser.get(secretKey),
    set(secret, remember) {
      forget();
      (remember ? browser : tab).set(secretKey, secret);
    },
    forget,
  };
}

/** The token in a fragment `#token=…`, which browsers never send to a server. */
export function secretInFragment(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token')?.trim() || undefined;
}

/** Removes the token from the address of the page, so that nobody sees or shares it. */
export function takeSecretFromAddress(window: Pick<Window, 'location' | 'history'>): string | undefined {
  const { location, history } = window;
  const secret = secretInFragment(location.hash);
  if (secret !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}`);
  return secret;
}
