import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoteForWindows, renderScheduledTask } from './scheduled-task.ts';

it('renders the task, quoted for Windows and escaped for XML', async () => {
  const task = renderScheduledTask({
    user: 'DESK\\Ada & Co',
    definition: {
      kind: 'agent',
      nodePath: 'C:\\Program Files\\nodejs\\node.exe',
      scriptPath: 'C:\\Users\\Ada & Co\\rollcall\\dist\\cli\\main.js',
      environmentFile: 'C:\\Users\\Ada & Co\\.config\\rollcall\\agent.env',
      flags: ['--mode', 'node'],
    },
  });
  await expect(task).toMatchFileSnapshot('./golden/agent-task.xml');
});

it.each([
  ['plain', 'plain'],
  ['C:\\dir\\', 'C:\\dir\\'],
  ['C:\\my dir\\', '"C:\\my dir\\\\"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['a\\"b', '"a\\\\\\"b"'],
  ['', '""'],
])('quotes %j as %j', (word, quoted) => {
  expect(quoteForWindows(word)).toBe(quoted);
});

it('always reads back as the same word', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '\\', '"', '\t', '&') });
  fc.assert(
    fc.property(word, (text) => {
      expect(commandLineToArgv(quoteForWindows(text))).toEqual([text]);
    }),
  );
});

/** The rules of CommandLineToArgvW for arguments after the program. */
function commandLineToArgv(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(at))?.[0].length ?? 0;
    at += slashes;
    const next = line[at];
    if (next === '"') {
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
    } else {
      if (slashes > 0) word = (word ?? '') + '\\'.repeat(slashes);
      if (next === undefined) break;
      if (/\s/.test(next) && !isQuoted) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? '') + next;
    }
    at += 1;
  }
  return word === undefined ? words : [...words, word];
}
