import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { requirePrograms } from '../harness/required-program.ts';

const file = fileURLToPath(new URL('../../packaging/prometheus/alerts.yml', import.meta.url));

it('[PN18] promtool takes the alert rules', async (context) => {
  requirePrograms(context, 'promtool');
  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', file]);
  expect(stdout).toMatch(/SUCCESS: [1-9]\d* rules found/);
});

it('[PN18] they ask for metrics that the gateway has', async () => {
  const [rules, notices, upstreams, metrics] = await Promise.all(
    [file, ...['notice-metrics', 'upstream-metrics', 'metrics'].map(sourceOf)].map((path) =>
      readFile(path, 'utf8'),
    ),
  );
  const asked = [...new Set((rules ?? '').match(/\brollcall_[a-z_]+/g))];
  expect(asked.length).toBeGreaterThan(4);
  const source = `${notices}${upstreams}${metrics}`;
  for (const name of asked) {
    const last = name.replace(/^rollcall_(upstream_|notices_)?/, '').replace(/_total$/, '');
    expect(source, name).toContain(last);
  }
});

function sourceOf(name: string): string {
  return fileURLToPath(new URL(`../../src/sinks/metrics/${name}.ts`, import.meta.url));
}
