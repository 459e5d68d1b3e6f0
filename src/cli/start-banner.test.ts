import { expect, it } from 'vitest';
import { type BannerOptions, startBanner } from './start-banner.ts';

const bannerOf = (changes: Partial<BannerOptions>): string =>
  startBanner({
    url: 'ws://127.0.0.1:18789',
    version: '1.0.0',
    chosen: { auth: { mode: 'token', token: 'secret' } },
    hasPage: true,
    command: 'rollcall',
    lanAddress: '192.0.2.7',
    ...changes,
  });

it('[F8] of a gateway that listens everywhere names the address for others, and warns without TLS', () => {
  const open = bannerOf({ url: 'ws://0.0.0.0:18789' });
  expect(open).toMatch(/From other computers +ws:\/\/192\.0\.2\.7:18789$/m);
  expect(open).toMatch(/In a browser +http:\/\/127\.0\.0\.1:18789\/$/m);
  expect(open).toContain('Warning: without TLS');
  const safe = bannerOf({ url: 'wss://[::]:18789' });
  expect(safe).toMatch(/From other computers +wss:\/\/192\.0\.2\.7:18789$/m);
  expect(safe).not.toContain('Warning');
});

it('[F8] one that only this computer reaches needs no warning', () => {
  expect(bannerOf({})).not.toMatch(/Warning|From other computers/);
});

it('[F5] commands are written as this program was invoked', () => {
  expect(bannerOf({ command: 'node dist/bin/main.js' })).toContain('node dist/bin/main.js open');
  expect(bannerOf({})).not.toContain('npx');
});
