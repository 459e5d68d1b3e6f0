import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { questions, scenarios } from '../scenarios/catalogue.ts';
import { barChart } from './chart.ts';
import { performancePage } from './markdown.ts';
import type { ScenarioReport } from './report.ts';

/** Where a report goes. */
export interface ReportFolders {
  /** Gets `performance.md` and `performance/QUESTION.svg`. */
  readonly docs: string;
  /** Gets every figure of every run, `SCENARIO.json`. */
  readonly results: string;
}

/** Writes the page, a chart for each question and all figures. Scenarios that were not measured this time keep the figures that are there. */
export function writeReports({ docs, results }: ReportFolders, reports: readonly ScenarioReport[]): void {
  const charts = join(docs, 'performance');
  mkdirSync(charts, { recursive: true });
  mkdirSync(results, { recursive: true });
  for (const report of reports)
    writeFileSync(join(results, `${report.scenario}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
  const all = readReports(results);
  for (const {
    name,
    scenarios: [charted],
  } of questions) {
    const report = all.find(({ scenario }) => scenario === charted.name);
    if (report) writeFileSync(join(charts, `${name}.svg`), barChart(charted, report));
  }
  writeFileSync(join(docs, 'performance.md'), performancePage(all));
}

/** All reports of a folder, in the order of the catalogue. */
function readReports(folder: string): ScenarioReport[] {
  const files = scenarios.map(({ name }) => join(folder, `${name}.json`));
  return files
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as ScenarioReport);
}
