import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const manifest = JSON.parse(readFileSync(root('package.json'), 'utf8'));

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly strategy?: { matrix: { node?: number[] } }; readonly steps: Step[] }>
  >;
}

describe.each(readdirSync(root('.github/workflows')))('.github/workflows/%s', (name) => {
  const workflow = parse(readFileSync(root(`.github/workflows/${name}`), 'utf8')) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('has no right to write unless a job asks for it', () => {
    expect(Object.values(workflow.permissions).filter((right) => right !== 'read')).toEqual([]);
  });

  it('runs scripts and files that exist, and actions of a fixed version', () => {
    for (const { run = '', uses } of steps) {
      for (const [, script = ''] of run.matchAll(/npm run ([\w:-]+)/g))
        expect(manifest.scripts).toHaveProperty([script]);
      for (const [path] of run.matchAll(/\.ci\/\w+|\bsrc\/\w+/g))
        expect(existsSync(root(path)), path).toBe(true);
      if (uses !== undefined) expect(uses).toMatch(/@v\d+$/);
    }
  });
});

it('the tests run on every Node that the package takes', () => {
  const { jobs } = parse(readFileSync(root('.github/workflows/test.yml'), 'utf8')) as Workflow;
  expect(jobs['linux']?.strategy?.matrix.node).toEqual([20, 22, 24, 26]);
});
