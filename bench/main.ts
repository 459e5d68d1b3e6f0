import { Command, InvalidArgumentError } from 'commander';
import { contenderOf } from './contender.ts';
import type { Outcome } from './job.ts';
import { type PlannedScenario, plan } from './plan.ts';
import { describeMachine } from './report/machine.ts';
import { cellTable, targetsTable } from './report/markdown.ts';
import { numberText } from './report/number-text.ts';
import type { ScenarioReport } from './report/report.ts';
import { writeReports } from './report/report-files.ts';
import { interleave } from './runner/interleave.ts';
import { type Measurement, measure } from './runner/measurement.ts';
import { questions } from './scenarios/catalogue.ts';
import { checkTargets, targets } from './targets.ts';

interface Options {
  readonly scenario: string[];
  readonly size: number[];
  readonly peer: string[];
  readonly runs: number;
  readonly quick?: boolean;
  readonly out?: string;
  readonly results: string;
  readonly profile?: string;
  readonly list?: boolean;
}

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const command = new Command('bench')
  .description('Measures Rollcall against its peers.')
  .option('--scenario <name>', 'scenario, or question, to run; may be repeated (default: all)', collected, [])
  .option('--size <number>', 'size to run instead of the usual ones; may be repeated', collectedSizes, [])
  .option('--peer <name>', 'contender or peer to measure; may be repeated (default: all)', collected, [])
  .option('--runs <number>', 'turns per size', wholeNumber, 3)
  .option('--quick', 'short phases and small sizes: proves that everything works, measures nothing')
  .option('--out <folder>', 'write performance.md and its charts there, for example docs')
  .option('--results <folder>', 'with --out: all figures go there', 'bench/results')
  .option('--profile <folder>', 'write a CPU profile of every Rollcall server there (it costs time itself)')
  .option('--list', 'print the questions, their scenarios and contenders')
  .allowExcessArguments(false);

/** `process.exit` runs the exit handlers, which end the servers. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT_FAILED));
process.exitCode = await main(command.parse().opts<Options>());

async function main(options: Options): Promise<number> {
  if (options.list) return printCatalogue();
  const planned = planOrExplain(options);
  if (!planned) return EXIT_USAGE;
  const reports: ScenarioReport[] = [];
  for (const one of planned) reports.push(await runScenario(one, options));
  if (options.out !== undefined) writeReports({ docs: options.out, results: options.results }, reports);
  printResults(reports);
  return reports.some(hasOwnFailure) ? EXIT_FAILED : 0;
}

function planOrExplain(options: Options): PlannedScenario[] | undefined {
  const { scenario, size, peer, quick = false } = options;
  const openclaw = process.env['OPENCLAW_BIN'] !== undefined;
  const before = process.env['BENCH_BEFORE'] !== undefined;
  try {
    return plan({ scenarios: scenario, sizes: size, peers: peer, quick, openclaw, before });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`bench: ${error.message}`);
    return undefined;
  }
}

async function runScenario(
  planned: PlannedScenario,
  { runs, quick = false, profile }: Options,
): Promise<ScenarioReport> {
  const profiled = (measurement: Measurement) => measure(measurement, profile);
  const machine = describeMachine();
  const cells = await interleave(planned, { runs, quick, measure: profiled, onRun: printRun });
  const measuredOn = new Date().toISOString().slice(0, 10);
  const { name } = planned.scenario;
  const report: ScenarioReport = { scenario: name, measuredOn, machine, quick, cells };
  console.log(`\n## ${planned.scenario.title}\n`);
  for (const cell of cells) console.log(`${cellTable(report, planned.scenario, cell)}\n`);
  return report;
}

function printRun({ scenario, size, contender }: Measurement, turn: number, outcome: Outcome): void {
  console.error(
    `${scenario.name} ${size} turn ${turn} ${contender.id}: ${runText(scenario.metrics, outcome)}`,
  );
}

function runText(metrics: Measurement['scenario']['metrics'], outcome: Outcome): string {
  if (!outcome.ok) return `FAILED: ${outcome.why}`;
  return metrics
    .flatMap(({ key, label, unit }) => {
      const value = outcome.figures[key];
      return value === undefined ? [] : [`${label} ${numberText(value)} ${unit}`];
    })
    .join(', ');
}

function printResults(reports: readonly ScenarioReport[]): void {
  const measured = new Set(reports.map(({ scenario }) => scenario));
  const results = checkTargets(
    reports,
    targets.filter(({ scenario }) => measured.has(scenario)),
  );
  if (results.length > 0) console.log(`${targetsTable(results)}\n`);
}

function hasOwnFailure({ cells }: ScenarioReport): boolean {
  const own = cells
    .flatMap(({ contenders }) => contenders)
    .filter(({ contender }) => !contenderOf(contender).foreign);
  return own.some(({ runs }) => runs.some((run) => !run.ok));
}

function printCatalogue(): number {
  for (const question of questions) {
    console.log(`${question.name}: ${question.title}`);
    for (const { name, about, sizes, sizeUnit, contenders } of question.scenarios)
      console.log(`  ${name}: ${sizes.join(', ')} ${sizeUnit}; ${contenders.join(', ')}\n    ${about}`);
  }
  return 0;
}

function collected(value: string, before: string[]): string[] {
  return [...before, value];
}

function collectedSizes(value: string, before: number[]): number[] {
  return [...before, wholeNumber(value)];
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}
