import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { blocksOf, type MarkdownBlock } from '../harness/markdown-blocks.ts';
import { requirePrograms } from '../harness/required-program.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from '../harness/rollcall-process.ts';

/*
 * Every `sh` and `console` block of these pages is run by bash, in a home folder of its own, beside a gateway at the port
 * that the pages name. A block that is not begins with `# not run: REASON` or `# run by TEST`.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const mainFile = join(root, 'dist/bin/main.js');
const pages = ['README.md', ...['docs/operate', 'docs'].flatMap(pagesIn)];
const blocks = pages
  .flatMap((page) => blocksOf(page))
  .filter(({ language }) => language === 'sh' || language === 'console');

/** Programs of blocks that are not on every computer. */
const programs = ['curl', 'openssl', 'promtool', 'tar'];

const markOf = ({ text }: MarkdownBlock): RegExpExecArray | null =>
  /^# (not run|run by):? (\S.*)$/m.exec(text.split('\n', 1)[0] ?? '');

function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

let home: CommandHome;
let port: number;
let gateway: RollcallProcess;

describe('the commands of the documents', () => {
  it('have blocks to run', () => {
    expect(blocks.filter((block) => markOf(block) === null).length).toBeGreaterThan(10);
  });

  it.each(blocks.filter((block) => markOf(block) !== null))(
    '$file:$line states why it is not run',
    (block) => {
      const [, kind, text = ''] = markOf(block) ?? [];
      if (kind !== 'run by') return expect(text.length).toBeGreaterThan(10);
      const [file = ''] = /^[^\s:,]+/.exec(text) ?? [];
      const test = readFileSync(join(root, file), 'utf8');
      // Each command is named there, and `npm` scripts are.
      for (const [, command = ''] of block.text.matchAll(/^(?:rollcall|npm ci && npm) ([a-z]+)/gm)) {
        expect(test).toContain(command);
      }
    },
  );
});

describe('the commands of the documents, beside a gateway', () => {
  beforeEach(async () => {
    home = createCommandHome();
    port = await freePort();
    gateway = startRollcall(['gateway', '--port', `${port}`], home.env);
    await gateway.printed('Press Ctrl+C to stop.');
  });

  afterEach(async () => {
    gateway.kill('SIGKILL');
    await gateway.ended;
    home.remove();
  });

  for (const block of blocks.filter((found) => markOf(found) === null)) {
    it(`${block.file}:${block.line} works`, async (context) => {
      requirePrograms(context, ...programs.filter((name) => new RegExp(`^${name} `, 'm').test(block.text)));
      const { code, output } = await runBlock(block);
      expect(code, output).toBe(0);
      for (const line of shownHeads(block)) expect(words(output)).toContain(words(line));
    });
  }
});

/** Of each command of a `console` block the first line of what it shows, with the addresses of this computer left out. */
function shownHeads({ language, text }: MarkdownBlock): readonly string[] {
  if (language !== 'console') return [];
  const heads = [...text.matchAll(/^\$ .*\n(?!\$ )(.+)$/gm)].map(([, line = '']) => line);
  return heads.map((line) => line.replace(/ on wss?:.*/, '').replace(' IP ', ' '));
}

/** Text without what alignment adds; a computer without a network has no column for addresses. */
function words(text: string): string {
  return text.replace(' IP ', ' ').replace(/ +/g, ' ');
}

/** What a block does, with the ports of this test; gateways that it starts are ended after it. */
async function runBlock(block: MarkdownBlock): Promise<{ readonly code: number; readonly output: string }> {
  const bin = join(home.folder, 'bin');
  const script = join(home.folder, 'block.sh');
  const started = join(home.folder, 'started-pids');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'rollcall'), shim(started), { mode: 0o755 });
  writeFileSync(script, scriptOf(block, await freePort()));
  const env = { ...home.env, PATH: `${bin}:${home.env['PATH']}`, NO_COLOR: '1' };
  const options = { cwd: home.folder, env: { ...env, ROLLCALL_URL: `ws://127.0.0.1:${port}` } };
  symlinkSync(join(root, 'packaging'), join(home.folder, 'packaging'));
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', script], options);
    return { code: 0, output: stdout + stderr };
  } catch (fault) {
    const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  } finally {
    for (const pid of existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n') : [])
      end(Number(pid));
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended; its exit code is part of the block.
  }
}

/** The commands of a block; of a `console` block what stands behind `$ `. */
function scriptOf({ language, text }: MarkdownBlock, otherPort: number): string {
  const commands =
    language === 'sh' ? text : [...text.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command).join('\n');
  return commands.replaceAll('18789', `${port}`).replaceAll('18800', `${otherPort}`);
}

/** The built command; `rollcall gateway` returns when the gateway listens, on a free port unless it names one. */
function shim(started: string): string {
  return `#!${process.execPath}
const { spawn } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
const stays = args[0] === 'gateway' && !['install', 'uninstall', 'status'].includes(args[1]) && !args.includes('--help');
const rest = stays && !args.includes('--port') ? [...args, '--port', '0'] : args;
const child = spawn(process.execPath, [${JSON.stringify(mainFile)}, ...rest], {
  stdio: stays ? ['ignore', 'pipe', 'ignore'] : 'inherit',
  detached: stays,
});
child.once('exit', (code) => process.exit(code ?? 1));
if (stays) {
  appendFileSync(${JSON.stringify(started)}, child.pid + '\\n');
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    if (!text.includes('Press Ctrl+C')) return;
    process.stdout.write(text, () => process.exit(0));
  });
}
`;
}
