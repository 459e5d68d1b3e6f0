import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioOf, scenarios } from '../scenarios/catalogue.ts';
import { barChart } from './chart.ts';
import { performancePage } from './markdown.ts';
import type { ScenarioReport } from './report.ts';

/**
 * Writes `performance.md` and `performance/NAME.json` and `.svg` into a folder. Scenarios that were not measured this
 * time keep the figures that are there.
 */
export function writeReports(folder: string, reports: readonly ScenarioReport[]): void {
  const details = join(folder, 'performance');
  mkdirSync(details, { recursive: true });
  for (const report of reports) {
    writeFileSync(join(details, `${report.scenario}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
    writeFileSync(join(details, `${report.scenario}.svg`), barChart(scenarioOf(report.scenario), report));
  }
  writeFileSync(join(folder, 'performance.md'), performancePage(readReports(folder)));
}

/** All reports that a folder has, in the order of the catalogue. */
export function readReports(folder: string): ScenarioReport[] {
  const files = scenarios.map(({ name }) => join(folder, 'performance', `${name}.json`));
  return files
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as ScenarioReport);
}
