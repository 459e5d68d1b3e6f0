import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { silentLogger } from '../../src/core/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';
import { JournalFile } from '../../src/sinks/journal/journal-file.ts';

const rules = { maxEntries: 300, maxAgeMs: 1e9, flappingLeaves: 5, flappingMs: 600_000 };
/** How often a writer is killed, in all; each one is a process that starts. The nightly run kills 200. */
const kills = process.env['ROLLCALL_PROPERTY_RUNS'] === undefined ? 24 : 200;

const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;

/** Writes one entry after the other, and prints the id of each after it was written. */
const program = `
import { writeSync } from 'node:fs';
import { createRoster, silentLogger } from '${built('core/index.js')}';
import { JournalFile } from '${built('sinks/journal/journal-file.js')}';
const now = () => ({ monoMs: performance.now(), wallMs: Date.now() });
const timers = { after: () => () => {} };
const options = { file: process.argv[1], rules: ${JSON.stringify(rules)}, newId: () => 'j1', timers, logger: silentLogger };
const { file, journal } = JournalFile.open(options, now());
const roster = createRoster();
for (let count = 0; ; count += 1) {
  const facts = { instanceId: 'i' + (count % 300), version: process.pid + '-' + count, host: 'x'.repeat(count % 100) };
  const { changes } = roster.beacon({ facts }, now());
  file.append(journal.record(changes, now()), now());
  writeSync(1, journal.lastId + '\\n');
}
`;

/** Starts a writer, kills it after a random time, and returns the id that it had written last. */
async function killedAt(file: string, waitMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file]);
  let said = '';
  const closed = once(child, 'close');
  child.stderr.setEncoding('utf8').on('data', (text: string) => expect.fail(text));
  const began = once(child.stdout.setEncoding('utf8'), 'data');
  child.stdout.on('data', (text: string) => {
    said = (said + text).slice(-1_000);
  });
  await began;
  await delay(waitMs);
  child.kill('SIGKILL');
  await closed;
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

function open(file: string) {
  const clock = createSystemClock();
  const options = { file, rules, newId: () => 'none', timers: systemTimers, logger: silentLogger };
  return JournalFile.open(options, clock.now());
}

it('[PJ7] writers that are killed at random: the file opens, and every entry that was written is there', {
  timeout: 900_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-journal-'));
  const rounds = async (name: string): Promise<void> => {
    const file = join(folder, name);
    for (let round = 0; round < kills / 8; round += 1) {
      const lastId = await killedAt(file, Math.random() * 25);
      const opened = open(file);
      expect(opened).toMatchObject({ id: 'j1', isOld: true });
      const { journal } = opened;
      // The writer may have been killed between writing an entry and printing its id.
      expect(journal.lastId - lastId).toBeGreaterThanOrEqual(0);
      expect(journal.lastId - lastId).toBeLessThanOrEqual(2);
      const ids = Array.from(journal.after(0), ({ id }) => id);
      expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
      expect(journal.at(Date.now())?.size).toBeGreaterThan(0);
      opened.file.close();
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(rounds));
  rmSync(folder, { recursive: true });
});
