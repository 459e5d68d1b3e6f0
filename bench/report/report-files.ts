import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioOf, scenarios } from '../scenarios/catalogue.ts';
import { barChart } from './chart.ts';
import { performancePage } from './markdown.ts';
import type { ScenarioReport } from './report.ts';

/** Where a report goes. */
export interface ReportFolders {
  /** Gets `performance.md` and `performance/NAME.svg`. */
  readonly docs: string;
  /** Gets every figure of every run, `NAME.json`. */
  readonly results: string;
}

/** Writes the page, its charts and all figures. Scenarios that were not measured this time keep the figures that are there. */
export function writeReports({ docs, results }: ReportFolders, reports: readonly ScenarioReport[]): void {
  const charts = join(docs, 'performance');
  mkdirSync(charts, { recursive: true });
  mkdirSync(results, { recursive: true });
  for (const report of reports)
    writeFileSync(join(results, `${report.scenario}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
  const all = readReports(results);
  for (const report of all)
    writeFileSync(join(charts, `${report.scenario}.svg`), barChart(scenarioOf(report.scenario), report));
  writeFileSync(join(docs, 'performance.md'), performancePage(all));
}

/** All reports of a folder, in the order of the catalogue. */
function readReports(folder: string): ScenarioReport[] {
  const files = scenarios.map(({ name }) => join(folder, `${name}.json`));
  return files
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as ScenarioReport);
}
