import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths that Git would leave out of a clone; none where there is no Git. */
function ignoredOf(paths: readonly string[]): readonly string[] {
  try {
    return execFileSync('git', ['check-ignore', '--no-index', ...paths], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n');
  } catch {
    // It exits 1 when it ignores none of them.
    return [];
  }
}

it('every picture of the README is there, and in a clone of it', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\((?!https?:)([^)]+)\)/g)].map(([, path = '']) => path);
  expect(pictures.length).toBeGreaterThan(2);
  expect(pictures.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(ignoredOf(pictures)).toEqual([]);
});
