import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const rows = [...page.matchAll(/^\|(?!---)[^|]+\|[^|]+\| `([\w-]+)`: (.+?) \|$/gm)].map(
  ([, file = '', title = '']) => [file, title] as const,
);

const files = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
    join(root, folder, path),
  ),
);

describe('docs/security.md', () => {
  it('has a test in every row', () => {
    const lines = page.split('\n').filter((line) => /^\| (?!threat \||kind \|)/.test(line));
    expect(rows).toHaveLength(lines.length);
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('%s has the test "%s"', (file, title) => {
    const paths = files.filter((candidate) => basename(candidate) === `${file}.test.ts`);
    const titles = paths.flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/(['"`])((?:\[\w+\] )+)?([^\n]*?)\1,/g),
    ]);
    expect(titles.some(([, , , text = '']) => text.includes(title))).toBe(true);
  });
});
