// Bundles the rollcall command into dist/bin, so that it starts from a few files instead of several hundred.
// What is loaded only now and then, or may be missing, stays outside and is imported when it is needed.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licenceTexts } from './third-party.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const manifest = JSON.parse(await readFile(path('package.json'), 'utf8'));
const outside = Object.keys(manifest.peerDependencies);

/** Modules of Node that a connection without TLS and compression never needs; Node takes 10 ms to load them. */
const rarelyUsed = /^const (\w+) = require\('(?:node:)?(child_process|https|tls|zlib)'\);$/gm;

/** Loads such modules where CommonJS packages first use them. */
const laterModules = {
  name: 'later-modules',
  transform: {
    filter: { id: /node_modules\/(commander|ws)\// },
    handler: (code) => {
      const names = [...code.matchAll(rarelyUsed)];
      const without = code.replace(rarelyUsed, '');
      const changed = names.reduce(
        (text, [, name, from]) => text.replace(new RegExp(`\\b${name}\\.`, 'g'), `require('${from}').`),
        without,
      );
      return { code: changed, map: null };
    },
  },
};

const bundle = await rolldown({
  input: path('dist/cli/main.js'),
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  plugins: [laterModules],
  external: (id) => outside.some((name) => id === name || id.startsWith(`${name}/`)),
});

/** What three ways to start load, as names of modules below dist: one file for each, and one of what two share, load sooner than thirty. */
const starts = {
  version: ['cli/main'],
  list: ['cli/program', 'cli/shell', 'cli/list-command'],
  gateway: [
    'cli/program',
    'cli/shell',
    'cli/gateway-program',
    'cli/gateway-command',
    'cli/log',
    'gateway/index',
  ],
};

/** The modules of each start, found in a first bundle, which splits by what is loaded together. */
async function modulesOfStarts() {
  const { output } = await bundle.generate({ format: 'cjs' });
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const loadedBy = (name, seen = new Set()) => {
    if (!chunks.has(name) || seen.has(name)) return seen;
    seen.add(name);
    for (const other of chunks.get(name).imports) loadedBy(other, seen);
    return seen;
  };
  const chunkOf = (module) => output.find(({ moduleIds }) => moduleIds?.includes(path(`dist/${module}.js`)));
  const modulesOf = (names) => {
    const loaded = names.flatMap((name) => [...loadedBy(chunkOf(name).fileName)]);
    return new Set(loaded.flatMap((name) => chunks.get(name).moduleIds));
  };
  return Object.fromEntries(Object.entries(starts).map(([start, names]) => [start, modulesOf(names)]));
}

const { version, list, gateway } = await modulesOfStarts();
const groups = [
  { name: 'both', test: (id) => !version.has(id) && list.has(id) && gateway.has(id) },
  { name: 'list', test: (id) => !version.has(id) && list.has(id) },
  { name: 'gateway', test: (id) => !version.has(id) && gateway.has(id) },
];
await rm(path('dist/bin'), { recursive: true, force: true });
const { output } = await bundle.write({
  dir: path('dist/bin'),
  // Node loads CommonJS sooner than modules.
  format: 'cjs',
  sourcemap: true,
  // Node parses it at each start.
  minify: true,
  // Modules are strict; without this, their code would not be as scripts.
  intro: "'use strict';",
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups,
  },
});
await writeFile(
  path('dist/bin/licences.txt'),
  await licenceTexts(output.flatMap((chunk) => chunk.moduleIds ?? [])),
);
await writeFile(path('dist/bin/package.json'), '{ "type": "commonjs" }\n');
await chmod(path('dist/bin/main.js'), 0o755);
