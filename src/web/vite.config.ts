import { defineConfig, type Plugin, type UserConfig } from 'vite';

const preloadHelper = '\0vite/preload-helper.js';

/** Parts that come later are plain `import()`s: Vite's helper loads their style sheets first, and none of them has one. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) => (id === preloadHelper ? 'export const __vitePreload = (load) => load();' : undefined),
};

/** What the table of facts says of them is for the surfaces of the gateway: the page has words of its own, in five languages. */
const noDescriptions: Plugin = {
  name: 'no-descriptions',
  // While the text is as it was written.
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/core/fields.ts') ? code.replace(/^\s*description: '[^'\n]*',\n/gm, '') : undefined,
};

/** A browser shows no page the HTTP answer to a WebSocket that was not opened: only programs can explain it. */
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
    // The SDK's dependency runs this while it loads although nothing uses what comes of it.
    rolldownOptions: {
      treeshake: { manualPureFunctions: ['createRetryRunner'], propertyReadSideEffects: false },
      // All that the list needs is one file; without this it falls apart into whatever the later parts share with it.
      output: {
        codeSplitting: { groups: [{ name: 'page', test: /web\/(main|parts\/shell|state\/page)\.tsx?$/ }] },
      },
    },
    target: ['chrome123', 'safari17.5', 'firefox120'],
  },
});

export default config;
