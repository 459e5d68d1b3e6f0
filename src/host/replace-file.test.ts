import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('replaces a file and leaves no draft', () => {
  const file = join(folder, 'kept.json');
  writeFileSync(file, 'before', { mode: 0o644 });
  replaceFile(file, 'after');
  expect(readFileSync(file, 'utf8')).toBe('after');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['kept.json']);
});

it('gives the permissions asked for, whatever the mask', () => {
  const before = process.umask(0o077);
  try {
    replaceFile(join(folder, 'unit'), 'text', 0o644);
  } finally {
    process.umask(before);
  }
  expect(statSync(join(folder, 'unit')).mode & 0o777).toBe(0o644);
});

it('leaves nothing behind when it fails', () => {
  expect(() => replaceFile(join(folder, 'missing', 'file'), 'text')).toThrow('ENOENT');
  // A folder cannot be replaced by a file.
  const taken = join(folder, 'taken');
  replaceFile(taken, 'one');
  expect(() => replaceFile(folder, 'text')).toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
  expect(readFileSync(taken, 'utf8')).toBe('one');
});
