import { defineConfig } from 'vitest/config';

/** What needs a quiet machine or a person's eyes, and is no part of `npm test`: `npm run screenshots`, `npm run recording`, `npm run page-speed`. */
export default defineConfig({
  test: {
    include: ['test/page/*.ts'],
    exclude: ['**/vitest.config.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
