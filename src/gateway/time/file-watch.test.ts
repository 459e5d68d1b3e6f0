import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileWatch } from './file-watch.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-watch-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a watch', () => {
  it('notices every way of changing a file, once each, at its next poll', () => {
    const file = join(folder, 'a');
    let changes = 0;
    const watch = new FileWatch([file, join(folder, 'b')], () => {
      changes += 1;
    });
    let monoMs = 0;
    const look = (): number => {
      monoMs += 1_000;
      expect(watch.run({ monoMs, wallMs: 0 })).toBe(monoMs + 1_000);
      return changes;
    };
    expect(look()).toBe(0);
    writeFileSync(file, 'one');
    expect(look()).toBe(1);
    expect(look()).toBe(1);
    writeFileSync(file, 'other');
    expect(look()).toBe(2);
    writeFileSync(join(folder, 'new'), 'other');
    renameSync(join(folder, 'new'), file);
    expect(look()).toBe(3);
    chmodSync(file, 0o600);
    expect(look()).toBe(4);
    rmSync(file);
    expect(look()).toBe(5);
    writeFileSync(join(folder, 'b'), '');
    expect(look()).toBe(6);
  });

  it('polls once a second', () => {
    const file = join(folder, 'a');
    let changes = 0;
    const watch = new FileWatch([file], () => {
      changes += 1;
    });
    watch.run({ monoMs: 0, wallMs: 0 });
    writeFileSync(file, 'one');
    expect(watch.run({ monoMs: 999, wallMs: 0 })).toBe(1_000);
    expect(changes).toBe(0);
    watch.run({ monoMs: 1_000, wallMs: 0 });
    expect(changes).toBe(1);
  });
});
