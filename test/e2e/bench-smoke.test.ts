import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url));

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...options: string[]): Promise<Finished> {
  if (!existsSync(MAIN)) throw new Error('the benchmark is not built: run `npm run build` first');
  const child = spawn(process.execPath, [MAIN, ...options], {
    env: { ...process.env, OPENCLAW_BIN: undefined },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...output })));
}

describe('npm run bench', () => {
  it('measures two peers and checks every view', async () => {
    const peers = ['--peer', 'ws-batch', '--peer', 'ws-adaptive'];
    const storm = ['--scenario', 'storm', '--scenario', 'fanout', '--size', '10'];
    const { code, stdout, stderr } = await bench('--quick', '--runs', '1', ...storm, ...peers);
    expect(stderr).not.toContain('FAILED');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| raw ws, adaptive full lists \| 1 \|/);
    expect(stdout).toContain('| target | bound | measured | result |');
  });

  it('measures the journal and notices, which check their results', { timeout: 240_000 }, async () => {
    const scenarios = ['journal', 'journal-at', 'notices'].flatMap((name) => ['--scenario', name]);
    const { code, stderr } = await bench('--quick', '--runs', '1', ...scenarios);
    expect(stderr).not.toContain('FAILED');
    expect(code).toBe(0);
  });

  it('lists its scenarios', async () => {
    const { code, stdout } = await bench('--list');
    expect(code).toBe(0);
    expect(stdout).toContain('large-rosters: Large rosters\n  update-cost: 200');
  });

  it('lists the valid names when one is unknown', async () => {
    const { code, stderr } = await bench('--scenario', 'strom');
    expect(code).toBe(2);
    expect(stderr).toContain('bench: unknown scenario "strom"; there are: watchers, clients');
  });
});
