// Writes THIRD-PARTY.md: what an installation brings along, with versions and licences. Exits 1 for a licence that was not reviewed.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const accepted = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense']);

/** Development packages that the bundles contain; what they need comes with them. `bundle-command.mjs` refuses any other. */
export const bundled = [
  '@preact/signals',
  'ansi-escapes',
  'bonjour-service',
  'commander',
  'get-east-asian-width',
  'preact',
  'uqr',
];

const readPackages = async () => JSON.parse(await readFile(path('package-lock.json'), 'utf8')).packages;

/**
 * The licences of all packages that an installation or a bundle may contain, as one text.
 *
 * @param modules the files that a bundle was made of; one of a package that is not listed here is an error.
 */
export async function licenceTexts(modules) {
  const packages = await readPackages();
  const places = withDependencies(packages, [...Object.keys(packages[''].dependencies), ...bundled]);
  const unlisted = modules
    .map((module) => /node_modules\/(?:@[^/]+\/)?[^/]+/g.exec(module.slice(path('').length))?.[0])
    .find((place) => place !== undefined && !places.has(place));
  if (unlisted !== undefined) throw new Error(`${unlisted} is bundled: list it in scripts/third-party.mjs`);
  const texts = [...places].sort().map(async (place) => {
    const file = (await readdir(path(place))).find((name) => /^licen[cs]e/i.test(name));
    const text =
      file === undefined ? packages[place].license : await readFile(path(`${place}/${file}`), 'utf8');
    return `${place.replace(/^.*node_modules\//, '')} ${packages[place].version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The text of THIRD-PARTY.md, from the lock file. */
export async function thirdPartyPage() {
  const packages = await readPackages();
  const installed = withDependencies(packages, Object.keys(packages[''].dependencies));
  const inBundles = withDependencies(packages, bundled);
  return `# Third-party software

Made by \`node scripts/third-party.mjs\`. The bundles in \`dist\` contain code of these packages; the texts of their licences
are in \`dist/bin/licences.txt\`.

What \`npm install rollcall\` installs:

${tableOf(packages, installed)}

What is only in the bundles, of the command in \`dist/bin\` and of the page in \`dist/web\`:

${tableOf(
  packages,
  [...inBundles].filter((place) => !installed.has(place)),
)}
`;
}

/** The packages of these names and all that they need, by their place in the lock file. */
function withDependencies(packages, names) {
  const found = new Set();
  const visit = (from, name) => {
    const nested = `${from}/node_modules/${name}`;
    const place = nested in packages ? nested : `node_modules/${name}`;
    if (found.has(place) || !(place in packages)) return;
    found.add(place);
    for (const other of Object.keys(packages[place].dependencies ?? {})) visit(place, other);
  };
  for (const name of names) visit('', name);
  return found;
}

function tableOf(packages, places) {
  const rows = [...places].map((place) => {
    const { version, license } = packages[place];
    const name = place.replace(/^.*node_modules\//, '');
    if (!accepted.has(license)) throw new Error(`${name} has the licence ${license}`);
    return `| ${name} | ${version} | ${license} |`;
  });
  return ['| package | version | licence |', '|---|---|---|', ...rows.sort()].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(path('THIRD-PARTY.md'), await thirdPartyPage());
}
