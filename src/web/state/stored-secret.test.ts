import { expect, it } from 'vitest';
import { gatewayAddress } from './page.ts';
import type { KeyValues } from './storage.ts';
import { createStoredSecret, secretInFragment } from './stored-secret.ts';

function values(): KeyValues & { readonly map: Map<string, string> } {
  const map = new Map<string, string>();
  return {
    map,
    get: (key) => map.get(key),
    set: (key, value) => void (value === undefined ? map.delete(key) : map.set(key, value)),
  };
}

it('is stored for the tab, or for the browser on request, never for both', () => {
  const [tab, browser] = [values(), values()];
  const kept = createStoredSecret({ tab, browser });
  kept.set('one', false);
  expect([tab.map.size, browser.map.size, kept.get()]).toEqual([1, 0, 'one']);
  kept.set('two', true);
  expect([tab.map.size, browser.map.size, kept.get()]).toEqual([0, 1, 'two']);
  kept.forget();
  expect(kept.get()).toBeUndefined();
});

it('is read from the fragment, also an encoded one', () => {
  expect(secretInFragment('#token=a%2Bb')).toBe('a+b');
  expect(secretInFragment('#token=')).toBeUndefined();
  expect(secretInFragment('#list')).toBeUndefined();
});

it.each([
  ['http://127.0.0.1:18789/', 'ws://127.0.0.1:18789/'],
  ['https://ops.example.org/rollcall/?q=a#token=b', 'wss://ops.example.org/rollcall/'],
  ['https://ops.example.org/rollcall/index.html', 'wss://ops.example.org/rollcall/'],
])('the gateway of the page %s is %s', (page, gateway) => {
  expect(gatewayAddress(page)).toBe(gateway);
});
