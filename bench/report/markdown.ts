import { contenderOf } from '../contender.ts';
import { scenarioOf } from '../scenarios/catalogue.ts';
import type { Metric, Scenario } from '../scenarios/scenario.ts';
import { checkTargets, type TargetResult } from '../targets.ts';
import { numberText, summaryText } from './number-text.ts';
import {
  type Cell,
  type ContenderRuns,
  type FigureName,
  failures,
  figure,
  type Machine,
  ratio,
  type ScenarioReport,
} from './report.ts';

/** The whole page: targets, then a chart and a short table per question. */
export function performancePage(reports: readonly ScenarioReport[]): string {
  const intro = [
    '# Performance',
    'Written by `npm run bench`; how it is measured is in [bench/README.md](../bench/README.md), what the most expensive paths ' +
      'consist of in [decision 16](decisions/0016-profiles.md). Contenders take turns with fresh processes, and a run counts ' +
      "only when every watcher's view is the server's list. Figures are medians; × is the median over turns against the first " +
      'contender of a table. The load generator shares the machine: read the ratios first. All figures of all runs are in ' +
      '`bench/results`.',
    '## Targets',
    targetsTable(checkTargets(reports)),
  ];
  return `${[...intro, ...reports.map((report) => scenarioSection(report))].join('\n\n')}\n`;
}

/** Target, measured, ok, when. */
export function targetsTable(results: readonly TargetResult[]): string {
  const rows = results.map(({ target, measured, result, measuredOn = '' }) => [
    target.text,
    `${target.bound} ${quantity(target.limit, target.unit)}`,
    measured === undefined ? '' : quantity(measured, target.unit),
    result,
    measured === undefined ? '' : measuredOn,
  ]);
  return table(['target', 'bound', 'measured', 'result', 'on'], rows);
}

/** One question: what is measured, its chart, the machine, and the first figure of each contender by size. */
export function scenarioSection(report: ScenarioReport): string {
  const scenario = scenarioOf(report.scenario);
  const [metric] = scenario.metrics;
  const lines = [
    `## ${scenario.title}`,
    scenario.about,
    `![${scenario.title}](performance/${scenario.name}.svg)`,
    `${report.measuredOn}, ${machineText(report.machine)}${report.quick ? ', quick run: the figures mean nothing' : ''}.`,
    ...(metric === undefined ? [] : [summaryTable(report, scenario, metric)]),
  ];
  return lines.join('\n\n');
}

/** One metric: a row per contender, the baseline first, and a column per size. */
function summaryTable(report: ScenarioReport, scenario: Scenario, metric: Metric): string {
  const ids = [...new Set(report.cells.flatMap(({ contenders }) => contenders.map((one) => one.contender)))];
  const sorted = [...ids].sort((a, b) => Number(b === scenario.baseline) - Number(a === scenario.baseline));
  const rows = sorted.map((contender) => [
    contenderOf(contender).label,
    ...report.cells.map(({ size }) =>
      summaryCell(report, { size, contender, metric: metric.key }, scenario.baseline),
    ),
  ]);
  return table([metricHeading(metric), ...report.cells.map((cell) => heading(scenario, cell))], rows);
}

function summaryCell(report: ScenarioReport, name: FigureName, baseline: string): string {
  const measured = figure(report, name);
  if (measured === undefined) return '';
  const times = ratio(report, name, { ...name, contender: baseline });
  const isBaseline = name.contender === baseline;
  return `${numberText(measured.median)}${times === undefined || isBaseline ? '' : ` (${numberText(times.median)} ×)`}`;
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

function machineText({ cpu, cores, memoryGib, node, os, load }: Machine): string {
  const isBusy = load !== undefined && load > cores / 4;
  const busy = isBusy ? `, **busy with other work** (load ${load}): read what is in CPU time` : '';
  return `${cores} cores ${cpu}, ${memoryGib} GiB, ${os}, Node ${node}${busy}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map((_, column) => (column === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
