import { defineConfig, type Plugin, type UserConfig } from 'vite';

const preloadHelper = '\0vite/preload-helper.js';

/** Lazy parts use plain `import()`: Vite's helper would load their style sheets first, and none of them has one. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id === preloadHelper ? 'export const __vitePreload = (load) => load();' : undefined),
};

/** Descriptions in the table of facts are for the documents of the gateway; the page has its own words, in five languages. */
const noDescriptions: Plugin = {
  name: 'no-descriptions',
  // Before other plugins transform the source.
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/core/fields.ts') ? code.replace(/^\s*description: '[^'\n]*',\n/gm, '') : undefined,
};

/** A browser does not show a page the HTTP answer to a failed WebSocket upgrade, so the code that explains it is left out. */
const noUpgradeAnswers: Plugin = {
  name: 'no-upgrade-answers',
  enforce: 'pre',
  load: (id) =>
    id.endsWith('/client/upgrade-answer.ts')
      ? "export const readUpgradeAnswer = () => undefined; export const upgradeAdvice = () => '';"
      : undefined,
};

/**
 * Builds the Instances page into `dist/web`.
 *
 * Every reference is relative, so that the page works from any path behind a proxy, and nothing is inline, so that
 * it works under `script-src 'self'; style-src 'self'`.
 */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [plainImports, noDescriptions, noUpgradeAnswers],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    // A dependency of the SDK calls this while it loads, although the result is not used.
    rolldownOptions: {
      treeshake: { manualPureFunctions: ['createRetryRunner'], propertyReadSideEffects: false },
      // All code of the list is one file; without this it is split into chunks that it shares with lazy parts.
      output: {
        codeSplitting: { groups: [{ name: 'page', test: /web\/(main|parts\/shell|state\/page)\.tsx?$/ }] },
      },
    },
    target: ['chrome123', 'safari17.5', 'firefox120'],
  },
});

export default config;
