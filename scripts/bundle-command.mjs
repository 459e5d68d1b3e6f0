// Bundles the rollcall command into dist/bin, so that it starts from a few files instead of several hundred.
// Minified, because Node parses it at each start; source maps stand beside it.
// What is loaded only now and then, or may be missing, stays outside and is imported when it is needed.
import { chmod, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const manifest = JSON.parse(await readFile(path('package.json'), 'utf8'));
const outside = Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies, ink: '' });

const bundle = await rolldown({
  input: path('dist/cli/main.js'),
  platform: 'node',
  external: (id) => outside.some((name) => id === name || id.startsWith(`${name}/`)),
});
await rm(path('dist/bin'), { recursive: true, force: true });
await bundle.write({
  dir: path('dist/bin'),
  format: 'esm',
  sourcemap: true,
  minify: true,
  entryFileNames: '[name].js',
});
await chmod(path('dist/bin/main.js'), 0o755);
