import { expect, it } from 'vitest';
import { pageUrl } from './open-command.ts';

it.each([
  [{ url: 'ws://127.0.0.1:18789', token: 'a+b/c' }, 'http://127.0.0.1:18789/#token=a%2Bb%2Fc'],
  [{ url: 'wss://x.example/gw', password: 'Schlüssel' }, 'https://x.example/gw/#token=Schl%C3%BCssel'],
  [{ url: 'ws://127.0.0.1:1' }, 'http://127.0.0.1:1/'],
])('the address of the page holds the credential in its fragment only: %j', (target, url) => {
  expect(pageUrl(target)).toBe(url);
});
