import type { Outcome } from '../job.ts';
import type { PlannedCell, PlannedScenario } from '../plan.ts';
import type { Cell } from '../report/report.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Measurement } from './measurement.ts';

/** Options of the runs. */
export interface InterleaveOptions {
  /** Turns per size; each contender runs once a turn. */
  readonly runs: number;
  readonly quick: boolean;
  readonly measure: (measurement: Measurement) => Promise<Outcome>;
  /** Called with every run. */
  readonly onRun: (measurement: Measurement, turn: number, outcome: Outcome) => void;
}

/** Measures every size of a scenario, the contenders taking turns: A B C A B C. */
export async function interleave(planned: PlannedScenario, options: InterleaveOptions): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const cell of planned.cells) cells.push(await measureCell(planned.scenario, cell, options));
  return cells;
}

async function measureCell(
  scenario: Scenario,
  { size, contenders }: PlannedCell,
  options: InterleaveOptions,
): Promise<Cell> {
  const results = contenders.map(({ id }) => ({ contender: id, runs: [] as Outcome[] }));
  for (let turn = 1; turn <= options.runs; turn++) {
    for (const [index, contender] of contenders.entries()) {
      const measurement: Measurement = { scenario, size, contender, quick: options.quick };
      const outcome = await options.measure(measurement);
      results[index]?.runs.push(outcome);
      options.onRun(measurement, turn, outcome);
    }
  }
  return { size, contenders: results };
}
