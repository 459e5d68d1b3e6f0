import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { languageCodes } from '../../src/web/i18n/languages.ts';
import { pageFolder } from '../harness/page-fixture.ts';

const html = readFileSync(join(pageFolder, 'index.html'), 'utf8');
const assets = readdirSync(join(pageFolder, 'assets'));
const textOf = (name: string): string => readFileSync(join(pageFolder, 'assets', name), 'utf8');
const gzipBytes = (name: string): number => gzipSync(textOf(name)).length;

/** Files that are loaded with some files, since those import them. */
function withImports(names: readonly string[]): readonly string[] {
  const found = new Set(names);
  for (const name of found) {
    const imports = textOf(name).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
    for (const [, imported = ''] of imports) found.add(imported);
  }
  return [...found];
}

describe('the built page', () => {
  it.each(languageCodes)(
    'in %s loads less than 45 kB of script and style, gzipped, before the list is there',
    (code) => {
      const linked = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.(?:js|css))"/g)].map(
        ([, name = '']) => name,
      );
      const texts = assets.filter((name) => new RegExp(`^${code}-[\\w-]{8}\\.js$`).test(name));
      expect(linked.length).toBeGreaterThan(1);
      expect(texts).toHaveLength(1);
      const sizes = withImports([...linked, ...texts]).map((name) => [name, gzipBytes(name)] as const);
      const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
      expect(total, JSON.stringify(sizes)).toBeLessThan(45_000);
    },
  );

  it('has nothing inline, and refers to everything relatively', () => {
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^\.\//);
  });

  it('has a hash in every name that is kept for a year', () => {
    for (const name of assets) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
  });

  it('can be installed: the manifest and its pictures are there', () => {
    const manifest = JSON.parse(readFileSync(join(pageFolder, 'rollcall.webmanifest'), 'utf8'));
    expect(manifest.start_url).toBe('./');
    for (const { src } of manifest.icons) expect(readdirSync(pageFolder)).toContain(src);
  });
});
