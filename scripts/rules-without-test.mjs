// Lists the rules of docs/SPEC.md for which no test title under src/ and test/ carries `[ID]`.
//
// Exits 1 when such a rule is not listed, with its reason, in docs/untested-rules.md (lines `- ID reason`), or when
// that list names a rule that does not exist.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

/** Ids of the lines `- ID text` of a document. */
function listedIds(markdown) {
  return [...markdown.matchAll(/^- (P[A-Z]\d+)\b/gm)].map(([, id]) => id);
}

/** Ids in the titles of a test file: text literals that begin with `[ID]`. */
function titleIds(source) {
  const titles = [...source.matchAll(/(['"`])(\[P[A-Z]\d+\].*?)\1/g)].map(([, , title]) => title);
  return titles.flatMap((title) => [...title.matchAll(/\[(P[A-Z]\d+)\]/g)].map(([, id]) => id));
}

/** Paths of all test files, relative to the root. */
async function testFiles() {
  const folders = await Promise.all(
    ['src', 'test'].map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names.map((name) => join(folder, name));
    }),
  );
  return folders.flat().filter((path) => /\.test\.tsx?$/.test(path));
}

const rules = listedIds(read('docs/SPEC.md'));
const excused = new Set(listedIds(read('docs/untested-rules.md')));
const tested = new Set((await testFiles()).flatMap((path) => titleIds(read(path))));

const missing = rules.filter((id) => !tested.has(id) && !excused.has(id));
const unknown = [...excused].filter((id) => !rules.includes(id));
const overtaken = [...excused].filter((id) => tested.has(id));

console.log(`${rules.length} rules, ${rules.filter((id) => tested.has(id)).length} with a test`);
if (overtaken.length > 0) console.log(`tested now, take off docs/untested-rules.md: ${overtaken.join(' ')}`);
if (unknown.length > 0)
  console.error(`docs/untested-rules.md names rules that do not exist: ${unknown.join(' ')}`);
if (missing.length > 0) {
  console.error(`no test title carries [ID] of these rules: ${missing.join(' ')}`);
  console.error(
    'write a test whose title begins with the id, or list the rule with its reason in docs/untested-rules.md',
  );
}
process.exitCode = missing.length + unknown.length > 0 ? 1 : 0;
