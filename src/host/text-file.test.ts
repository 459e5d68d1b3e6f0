import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPrivateFile, readTextFile } from './text-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-text-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string, mode = 0o600): string {
  const file = join(folder, 'file');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const isPosix = process.platform !== 'win32';

it('[PL9] reads a file, through a link too', () => {
  const file = fileOf('text', 0o644);
  const link = join(folder, 'link');
  symlinkSync(file, link);
  expect(readTextFile(file)).toBe('text');
  expect(readTextFile(link)).toBe('text');
  expect(() => readTextFile(join(folder, 'missing'))).toThrow('ENOENT');
});

it.runIf(isPosix)('[PL9] refuses a pipe, a device and a folder instead of waiting for them', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  for (const path of [pipe, '/dev/zero', folder]) {
    expect(() => readTextFile(path), path).toThrow('it is not a regular file');
  }
  expect(() => readPrivateFile(pipe, 'the tokens file')).toThrow(
    `cannot read the tokens file ${pipe}: it is not a regular file`,
  );
});

it.runIf(isPosix)('[PL9] a private file that others may read or write is refused with what to do', () => {
  expect(readPrivateFile(fileOf('text'), 'the tokens file')).toBe('text');
  expect(readPrivateFile(join(folder, 'missing'), 'the tokens file')).toBeUndefined();
  const file = fileOf('text', 0o640);
  expect(() => readPrivateFile(file, 'the tokens file')).toThrow(
    `the tokens file ${file} is open to other users (mode 0640): run chmod 600 '${file}'`,
  );
});
