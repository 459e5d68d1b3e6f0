import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../dist/soak/main.js', import.meta.url));

function soak(...flags: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...flags], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

it('[PW10] [PE3] [PL2] [PT3] seconds of churn, floods and silence: all answered, roster as expected, memory flat', () => {
  const { status, said } = soak('--minutes', '0.1', '--seed', '7');
  expect(said).toMatch(/passed\n$/);
  expect(status).toBe(0);
});

it('prints its usage', () => {
  for (const flags of [['--minutes', '0'], ['--seed', 'x'], ['--colour']]) {
    const { status, said } = soak(...flags);
    expect(said).toContain('usage: npm run soak -- [--minutes N] [--seed S]');
    expect(status).toBe(1);
  }
});
