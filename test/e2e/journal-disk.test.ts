import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';

const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;

/** A small disk, mounted for one process and its children alone, and removed with them. */
const onSmallDisk = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=512k tmpfs "$0" && exec "$@"'];

/**
 * Prelude of the programs of the tests: `run()` opens the journal of a gateway on the disk, `fill()` fills
 * it, `free()` frees space. The clock is manual.
 */
const prelude = `
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRoster } from '${built('core/index.js')}';
import { JournalFile } from '${built('sinks/journal/journal-file.js')}';
const folder = process.argv[1];
let nowMs = 1_700_000_000_000;
const now = () => ({ monoMs: nowMs, wallMs: nowMs });
const rules = { maxEntries: 500, maxAgeMs: 1e9, flappingLeaves: 5, flappingMs: 600_000 };
const logged = [];
const log = (level) => ({ err }, message) => logged.push([level, message, err?.code].filter(Boolean).join(' '));
const logger = { debug() {}, info: log('info'), warn: log('warn'), error: log('error') };
const timers = { after: () => () => {} };
const roster = createRoster({ maxEntries: Number(process.argv[2]) });
const run = () => {
  const { file, journal } = JournalFile.open({ file: folder + '/journal', rules, newId: () => 'j1', timers, logger }, now());
  return { file, journal };
};
const beacons = ({ file, journal }, count, name) => {
  for (let n = 0; n < count; n += 1) {
    nowMs += 10;
    const { changes } = roster.beacon({ facts: { instanceId: name + n, host: 'x'.repeat(100) } }, now());
    file.append(journal.record(changes, now()), now());
  }
};
const filler = folder + '/filler';
const fill = () => {
  try {
    writeFileSync(filler, Buffer.alloc(1_000_000));
  } catch {
    // Now it is full.
  }
};
const free = () => rmSync(filler);
const ids = ({ journal }) => Array.from(journal.after(0), ({ id }) => id);
const files = () => readdirSync(folder).sort();
const answer = (value) => console.log(JSON.stringify(value));
`;

let folder = '';
beforeEach((context) => {
  requireSmallDisk(context);
  folder = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
});
afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = '';
});

/** Mounting needs root, or a system that lets users have namespaces of their own. */
function requireSmallDisk(context: Pick<TestContext, 'skip'>): void {
  const { status } = spawnSync('unshare', [...onSmallDisk, tmpdir(), 'true'], { stdio: 'ignore' });
  if (status !== 0) context.skip('needs the right to mount a small disk (unshare -rm)');
}

/** The output of a program on the small disk. */
async function answerOf(program: string, maxRows = 1_000): Promise<unknown> {
  const node = [process.execPath, '--input-type=module', '-e', prelude + program, folder, String(maxRows)];
  const child = spawn('unshare', [...onSmallDisk, folder, ...node], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('the journal on a disk that is full', () => {
  it('[PJ7] reports it once, continues in memory, and is written again when there is space', async () => {
    const answer = await answerOf(`
      const first = run();
      beacons(first, 50, 'a');
      fill();
      beacons(first, 200, 'b');
      const whileFull = [...logged];
      // A minute later, and again, there is still no space: nothing is logged, and no file is left behind.
      for (let minute = 0; minute < 3; minute += 1) {
        nowMs += 60_000;
        beacons(first, 10, 'c' + minute);
      }
      const afterTries = [...logged];
      const filesWhileFull = files();
      free();
      nowMs += 60_000;
      beacons(first, 10, 'd');
      const inMemory = ids(first);
      first.file.close();
      const left = files();
      answer({ whileFull, afterTries, filesWhileFull, logged, files: left, same: JSON.stringify(ids(run())) === JSON.stringify(inMemory), entries: inMemory.length });
    `);
    const said = ['error the journal cannot be written and goes on in memory ENOSPC'];
    expect(answer).toEqual({
      whileFull: said,
      afterTries: said,
      filesWhileFull: ['filler', 'journal.1'],
      logged: [...said, 'info the journal is written again'],
      files: ['journal.2'],
      same: true,
      entries: 290,
    });
  });

  it('[PJ7] that is full at the start does not prevent it; the entries in the file are kept', async () => {
    const answer = await answerOf(`
      const first = run();
      beacons(first, 300, 'a');
      first.file.close();
      fill();
      const second = run();
      beacons(second, 50, 'b');
      const filesWhileFull = files();
      const known = ids(second).length;
      // Killed while it is full: what was on the disk before is still there.
      const third = run();
      const kept = ids(third).length;
      free();
      nowMs += 60_000;
      beacons(third, 1, 'c');
      answer({ logged, filesWhileFull, known, kept, files: files(), inMemory: ids(third).length, onDisk: ids(run()).length });
    `);
    expect(answer).toEqual({
      logged: [
        'error the journal cannot be written and goes on in memory ENOSPC',
        'error the journal cannot be written and goes on in memory ENOSPC',
        'info the journal is written again',
      ],
      filesWhileFull: ['filler', 'journal.1'],
      known: 350,
      kept: 300,
      files: ['journal.2'],
      inMemory: 301,
      onDisk: 301,
    });
  });

  it('[PJ7] that its own segments fill: segments whose entries were dropped since are removed', async () => {
    const maxRows = 100;
    const answer = await answerOf(
      `
      const first = run();
      const until = (text) => {
        for (let round = 0; round < 1_000 && !logged.some((line) => line.includes(text)); round += 1) {
          beacons(first, 10, round + '-');
          nowMs += 1_000;
        }
      };
      until('goes on in memory');
      until('written again');
      beacons(first, 5, 'last');
      const inMemory = ids(first);
      answer({ logged, entries: inMemory.length, same: JSON.stringify(ids(run())) === JSON.stringify(inMemory) });
    `,
      maxRows,
    );
    expect(answer).toEqual({
      logged: [
        'error the journal cannot be written and goes on in memory ENOSPC',
        'info the journal is written again',
      ],
      entries: 500,
      same: true,
    });
  });
});
