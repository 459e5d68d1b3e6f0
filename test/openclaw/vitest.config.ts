import { defineConfig } from 'vitest/config';

/** The suite against the real OpenClaw, which it installs: `npm run test:openclaw`. */
export default defineConfig({
  test: {
    include: ['test/openclaw/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
