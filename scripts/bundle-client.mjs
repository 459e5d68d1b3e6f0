// Bundles rollcall/client with its dependency into one file for pages that have no bundler, dist/client/browser.js.
// States its size, and exits 1 when a page would pay more than the limit.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** Gzipped bytes that a page may pay for presence. */
export const limitBytes = 15_000;

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Bundles all exports of the browser entry, minified; writes nothing. */
export async function bundleClient() {
  const bundle = await rolldown({
    input: path('src/client/index.ts'),
    platform: 'browser',
    // The dependency calls these while it loads, although the results are not used here.
    treeshake: { manualPureFunctions: ['createRetryRunner'], propertyReadSideEffects: false },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, comments: false });
  const [{ code, imports, moduleIds }] = output;
  return { code, imports, moduleIds, bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { code, bytes, gzipBytes } = await bundleClient();
  await mkdir(path('dist/client'), { recursive: true });
  await writeFile(path('dist/client/browser.js'), code);
  const kilobytes = (count) => `${(count / 1000).toFixed(1)} kB`;
  console.log(
    `dist/client/browser.js: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} gzip of ${kilobytes(limitBytes)}`,
  );
  if (gzipBytes > limitBytes) process.exitCode = 1;
}
