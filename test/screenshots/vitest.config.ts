import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: takes pictures; no test of `npm test`. */
export default defineConfig({
  test: { include: ['test/screenshots/*.pictures.ts'], testTimeout: 300_000, hookTimeout: 60_000 },
});
