import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion.ts';
import { manPages } from './man-page.ts';
import { buildProgram, runProgram } from './program.ts';
import type { Shell } from './shell.ts';

const lines: string[] = [];
const shell = {
  env: {},
  homeFolder: undefined,
  columns: undefined,
  colour: false,
  print: (text: string) => void lines.push(text),
  complain: (text: string) => void lines.push(text),
} as unknown as Shell;
const options = { context: { shell, version: '1.2.3' }, loadGateway: () => Promise.reject(new Error('no')) };
const run = async (...argv: string[]): Promise<[number, string]> => {
  lines.length = 0;
  const code = await runProgram(argv, options);
  return [code, lines.join('\n')];
};

describe('the command line', () => {
  it.each([
    [['lst'], /Did you mean list\?/],
    [['help', 'lits'], /unknown command "lits" \(did you mean list\?\)/],
    [['help', 'token', 'craete'], /did you mean create\?/],
    [['list', '--jsno'], /Did you mean --json\?/],
    [['list', '--state', 'onlin'], /--state: unknown "onlin" \(did you mean online\?\)/],
    [['list', '--sort', 'hosts'], /--sort: unknown "hosts"/],
    [['list', '--columns', 'nmae'], /did you mean name\?/],
    [['list', 'state:'], /at character 1 of the query/],
    [['completion', 'tcsh'], /bash, zsh or fish/],
  ])('[F19] hints at what a misspelt word should be: %j', async (argv, expected) => {
    const [code, text] = await run(...argv);
    expect(code).toBe(2);
    expect(text).toMatch(expected);
  });

  it('shows the help of a command', async () => {
    expect((await run('help', 'token', 'create'))[1]).toContain('shown only once');
  });

  it.each(['list', 'gateway', 'token'])(
    'shows the same help of %s alone and among the others',
    async (name) => {
      expect(await run(name, '--help')).toEqual(await run('help', name));
    },
  );

  it('takes a command that was pasted whole, with the name of the program', async () => {
    expect(await run('rollcall', 'help', 'token')).toEqual(await run('help', 'token'));
  });

  it('completes commands and flags by a script that bash runs', async () => {
    const script = completionScript(await buildProgram(options), 'bash');
    const complete = (...words: string[]): string => {
      const list = words.map((word) => `'${word}'`).join(' ');
      const asked = `${script}\nCOMP_WORDS=(rollcall ${list}); COMP_CWORD=${words.length}; _rollcall; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', asked], { encoding: 'utf8' }).stdout.trim();
    };
    expect(complete('tok')).toBe('token');
    expect(complete('token', 'cre')).toBe('create');
    expect(complete('list', '--st')).toBe('--state');
    expect(completionScript(await buildProgram(options), 'zsh')).toMatch(/^#compdef rollcall/);
    expect(completionScript(await buildProgram(options), 'fish')).toContain("-f -a token -d 'create, list");
  });

  it('has a page of the manual for each command', async () => {
    const pages = manPages(await buildProgram(options), '1.2.3');
    expect([...pages.keys()]).toEqual(expect.arrayContaining(['rollcall.1', 'rollcall-token-create.1']));
    expect(pages.get('rollcall-list.1')).toMatch(/^\.TH "ROLLCALL-LIST" 1/);
    expect(pages.get('rollcall-list.1')).toContain('\\-\\-state');
  });
});
