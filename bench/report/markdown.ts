import { contenderOf } from '../contender.ts';
import { scenarioOf } from '../scenarios/catalogue.ts';
import type { Metric, Scenario } from '../scenarios/scenario.ts';
import { judge, type Verdict } from '../targets.ts';
import { numberText, summaryText } from './number-text.ts';
import {
  type Cell,
  type ContenderRuns,
  failures,
  figure,
  type Machine,
  ratio,
  type ScenarioReport,
} from './report.ts';

/** The whole page: targets, then a chart and a table per scenario. */
export function performancePage(reports: readonly ScenarioReport[]): string {
  const intro = [
    '# Performance',
    'Written by `npm run bench`; how it is measured is in [bench/README.md](../bench/README.md). Contenders take turns, each ' +
      'run has a fresh server and a fresh load generator in processes of their own, and a run counts only when every ' +
      "watcher's view is the server's list. Figures are medians with least and greatest. The load generator shares the " +
      'machine, so read the ratios first: they are medians over turns.',
    '## Targets',
    targetsTable(judge(reports)),
  ];
  return `${[...intro, ...reports.map((report) => scenarioSection(report))].join('\n\n')}\n`;
}

/** Target, measured, ok. */
export function targetsTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ target, measured, result }) => [
    target.text,
    `${target.bound} ${quantity(target.limit, target.unit)}`,
    measured === undefined ? '' : quantity(measured, target.unit),
    result,
  ]);
  return table(['target', 'bound', 'measured', 'result'], rows);
}

/** One scenario with its chart, machine and tables. */
export function scenarioSection(report: ScenarioReport): string {
  const scenario = scenarioOf(report.scenario);
  const lines = [
    `## ${scenario.title}`,
    scenario.about,
    `![${scenario.title}](performance/${scenario.name}.svg)`,
    `${report.measuredOn}, ${machineText(report.machine)}${report.quick ? ', quick run: the figures mean nothing' : ''}.`,
  ];
  return [...lines, ...report.cells.map((cell) => cellTable(report, scenario, cell))].join('\n\n');
}

/** The table of one size; ratios against the baseline come first. */
export function cellTable(report: ScenarioReport, scenario: Scenario, cell: Cell): string {
  const [first] = scenario.metrics;
  const against = `× ${contenderOf(scenario.baseline).label}`;
  const headings = [heading(scenario, cell), against, ...scenario.metrics.map(metricHeading)];
  const rows = cell.contenders.map((one) => contenderRow(report, scenario, cell.size, one, first));
  return table(headings, rows);
}

function contenderRow(
  report: ScenarioReport,
  scenario: Scenario,
  size: number,
  { contender, runs }: ContenderRuns,
  first: Metric | undefined,
): string[] {
  const { label } = contenderOf(contender);
  const metric = first?.key ?? '';
  const name = { size, contender, metric };
  const times = ratio(report, name, { ...name, contender: scenario.baseline });
  const figures = scenario.metrics.map(({ key }) => figure(report, { size, contender, metric: key }));
  const failed = failures(runs);
  const shown = failed.length > 0 ? `${label} **FAILED: ${failed.join('; ').replaceAll('|', '/')}**` : label;
  return [shown, ...[times, ...figures].map((one) => (one ? summaryText(one) : ''))];
}

function heading({ sizeUnit }: Scenario, { size }: Cell): string {
  return `${numberText(size)} ${sizeUnit}`;
}

function metricHeading({ label, unit }: Metric): string {
  return unit === '' ? label : `${label}, ${unit}`;
}

function quantity(amount: number, unit: string): string {
  return unit === '×' ? `${numberText(amount)} ×` : `${numberText(amount)} ${unit}`.trim();
}

function machineText({ cpu, cores, memoryGib, node, os }: Machine): string {
  return `${cores} cores ${cpu}, ${memoryGib} GiB, ${os}, Node ${node}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
