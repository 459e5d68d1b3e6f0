import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../docs/decisions/', import.meta.url));
const files = readdirSync(folder).filter((name) => name !== 'README.md');
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');

it.each(files)('docs/decisions/%s has its number, status and date, and is listed', (name) => {
  const [number = ''] = name.split('-');
  const [title = '', , status = ''] = read(name).split('\n');
  expect(title).toMatch(new RegExp(`^# ${number} \\S`));
  expect(status).toMatch(/^Status: (accepted|replaced by \d{4})\. Date: \d{4}-\d\d-\d\d\.$/);
  const row = `| [${number}](${name}) | ${title.slice(7)} | ${status.slice(8).split('.')[0]} |`;
  expect(read('README.md')).toContain(row);
});

it('no number is given out twice', () => {
  const numbers = files.map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
