// Writes the pages of the manual into dist/man, made from the help of the command.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { manPages } from '../dist/cli/man-page.js';
import { buildProgram } from '../dist/cli/program.js';

const folder = new URL('../dist/man/', import.meta.url);
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const nothing = () => {};
const shell = {
  env: {},
  homeFolder: undefined,
  columns: 80,
  colour: false,
  print: nothing,
  complain: nothing,
};
const program = await buildProgram({ context: { shell, version }, loadGateway: nothing });
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, text] of manPages(program, version)) await writeFile(new URL(name, folder), text);
