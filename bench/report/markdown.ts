import { contenderOf } from '../contender.ts';
import { type Question, questions } from '../scenarios/catalogue.ts';
import type { Metric, Scenario } from '../scenarios/scenario.ts';
import { checkTargets, type TargetResult, targets } from '../targets.ts';
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

/** The whole page: for each question a chart, and the targets with the measured values. */
export function performancePage(reports: readonly ScenarioReport[]): string {
  const intro = [
    '# Performance',
    'Written by `npm run bench`; `npm run bench -- --list` says what each scenario does, [bench/README.md](../bench/README.md) how it ' +
      'is measured, [decision 16](decisions/0016-profiles.md) what the most expensive paths consist of. Contenders take turns with fresh ' +
      "processes, and a run counts only when every watcher's view is the server's list. Figures are medians over turns. The load " +
      'generator shares the machine: read the ratios first. All figures of all runs are in `bench/results`.',
  ];
  const sections = questions.map((question) => questionSection(question, reports));
  return `${[...intro, ...sections, machinesSection(reports)].join('\n\n')}\n`;
}

function questionSection({ name, title, scenarios }: Question, reports: readonly ScenarioReport[]): string {
  const asked = targets.filter(({ scenario }) => scenarios.some((one) => one.name === scenario));
  const [charted] = scenarios;
  const chart = `![${charted.title}](performance/${name}.svg)`;
  return [`## ${title}`, charted.about, chart, targetsTable(checkTargets(reports, asked))].join('\n\n');
}

/** Where and when each scenario was measured, and how busy the machine was. */
function machinesSection(reports: readonly ScenarioReport[]): string {
  const byPlace = new Map<string, string[]>();
  for (const report of reports) {
    const place = `${report.measuredOn}, ${machineText(report.machine)}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), `${report.scenario}${conditions(report)}`]);
  }
  const lines = [...byPlace].map(([place, names]) => `- ${place}: ${names.join(', ')}.`);
  const busy =
    'A load is how many processes wanted a core before the first run: of a **busy** machine read what is in CPU time.';
  return ['## Machines', busy, lines.join('\n')].join('\n\n');
}

function conditions({ quick, machine: { cores, load = 0 } }: ScenarioReport): string {
  const busy = load > cores / 4 ? ` (**busy**, load ${load})` : '';
  return quick ? ' (a quick run: the figures mean nothing)' : busy;
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
