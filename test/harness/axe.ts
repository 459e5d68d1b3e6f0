import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Which rules of axe-core: all, those about colours, or the others. */
export type AxeRules = 'all' | 'colours' | 'others';

const options: Readonly<Record<AxeRules, object>> = {
  all: {},
  colours: { runOnly: { type: 'rule', values: ['color-contrast'] } },
  others: { rules: { 'color-contrast': { enabled: false } } },
};

/** Violations that axe-core finds in a page in its present state: one line for each rule and element. Empty is good. */
export async function axeViolations(page: Page, rules: AxeRules = 'all'): Promise<readonly string[]> {
  await page.evaluate(source);
  const result = (await page.evaluate(
    (chosen) =>
      (window as unknown as { axe: { run(options: object): Promise<unknown> } }).axe.run({
        resultTypes: ['violations'],
        ...chosen,
      }),
    options[rules],
  )) as AxeResult;
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 240)}`,
    ),
  );
}
