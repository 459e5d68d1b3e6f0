import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const moduleFolder = fileURLToPath(new URL('.', import.meta.url));
/** What every folder may import, beside the folders above it. */
const shared = ['transport.ts'];

/** The folders of this module as ARCHITECTURE.md lists them: each may import those above it. */
function documentedFolders(): string[] {
  const page = readFileSync(join(moduleFolder, '../../ARCHITECTURE.md'), 'utf8');
  const section = page.split('## Inside the gateway')[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, folder = '']) => folder);
}

/** Files of this module that a file imports, by their paths in it. */
function imports(file: string): string[] {
  const text = readFileSync(join(moduleFolder, file), 'utf8');
  const paths = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path = '']) => path);
  return paths.map((path) => join(dirname(file), path)).filter((path) => !path.startsWith('..'));
}

const folderOf = (file: string): string => (file.includes(sep) ? (file.split(sep)[0] ?? '') : '');

const folders = documentedFolders();
const files = readdirSync(moduleFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => relative(moduleFolder, join(moduleFolder, file)));

it('ARCHITECTURE.md lists the folders of the gateway, and no other', () => {
  const found = new Set(files.map(folderOf).filter((folder) => folder !== ''));
  expect([...found].sort()).toEqual([...folders].sort());
});

it('folders of the gateway import only what stands above them in ARCHITECTURE.md', () => {
  const against = files.flatMap((file) => {
    const own = folders.indexOf(folderOf(file));
    const mayImport = (other: string): boolean => {
      const folder = folderOf(other);
      if (folder !== '')
        return folders.indexOf(folder) <= own && !(folderOf(file) === 'listening' && folder === 'http');
      return shared.includes(other);
    };
    if (own === -1 && !shared.includes(file)) return [];
    return imports(file)
      .filter((other) => !mayImport(other))
      .map((other) => `${file} imports ${other}`);
  });
  expect(against).toEqual([]);
});
