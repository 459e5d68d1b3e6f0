import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAgentFlags, writeAgentFlags } from './agent-flags.ts';

it('is a node that reports its last input unless the flags change that', () => {
  expect(readAgentFlags({})).toEqual({ ok: true, value: { mode: 'node', reportInput: true } });
});

it('always gives a service the flags that were typed', () => {
  const flags = fc.record(
    {
      mode: fc.constantFrom('node', 'ui'),
      name: fc.constantFrom('desk', '-x', 'a = b', 'Zoë & co'),
      input: fc.boolean(),
      intervalMs: fc.integer({ min: 1_000, max: 86_400_000 }).map(String),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(flags, (typed) => {
      const first = readAgentFlags(typed);
      expect(first.ok && readAgentFlags(parseWords(writeAgentFlags(first.value)))).toEqual(first);
    }),
  );
});

it.each(['0', '999', '1e4', '1000.5', '86400001', '-5'])('refuses the interval %s', (intervalMs) => {
  expect(readAgentFlags({ intervalMs }).ok).toBe(false);
});

/** Reads `--name=value` and `--no-name` as the command line does. */
function parseWords(words: readonly string[]): Parameters<typeof readAgentFlags>[0] {
  const pairs = words.map((word) => {
    if (word.startsWith('--no-')) return [word.slice('--no-'.length), false];
    const at = word.indexOf('=');
    const name = word.slice(2, at).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    return [name, word.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}
