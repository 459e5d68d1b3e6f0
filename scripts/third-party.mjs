// Writes THIRD-PARTY.md: what an installation brings along, with versions and licences. Exits 1 for a licence that nobody looked at.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const accepted = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense']);

/** The text of THIRD-PARTY.md, from the lock file and the manifests that are installed. */
export async function thirdPartyPage() {
  const lock = JSON.parse(await readFile(path('package-lock.json'), 'utf8'));
  const used = Object.entries(lock.packages).filter(
    ([at, { dev, optional, peer, devOptional }]) => at !== '' && !dev && !optional && !peer && !devOptional,
  );
  const rows = [];
  for (const [at, { version, license }] of used) {
    const name = at.replace(/^.*node_modules\//, '');
    if (!accepted.has(license)) throw new Error(`${name} has the licence ${license}`);
    rows.push(`| ${name} | ${version} | ${license} |`);
  }
  return `# Third-party software

What \`npm install rollcall\` brings along. Made by \`node scripts/third-party.mjs\`. The page in \`dist/web\` holds Preact and
its signals too, and the command in \`dist/bin\` the packages below (all MIT or as listed).

| package | version | licence |
|---|---|---|
${rows.sort().join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(path('THIRD-PARTY.md'), await thirdPartyPage());
}
