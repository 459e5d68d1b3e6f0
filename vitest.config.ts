import { defineConfig } from 'vitest/config';

/** Limits for what never ends, generous: a busy machine is no reason to fail. */
const shared = {
  testTimeout: 90_000,
  hookTimeout: 90_000,
  expect: { poll: { timeout: 30_000 } },
  setupFiles: ['./test/harness/property-tests.ts'],
};

const inProcess = [
  'src/**/*.test.ts',
  'bench/**/*.test.ts',
  'test/{harness,hostile}/**/*.test.ts',
  'test/*.test.ts',
];

const inBrowser = [
  'test/e2e/web-*.test.ts',
  'test/e2e/example-pages.test.ts',
  'test/e2e/people-behind-nginx.test.ts',
];

/** Two files at a time; those with a browser, which takes a core for itself, one after the other. */
export default defineConfig({
  test: {
    reporters: ['default', './test/harness/skip-reporter.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: inProcess,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          exclude: ['test/openclaw/**', ...inProcess, ...inBrowser],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: inBrowser,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
