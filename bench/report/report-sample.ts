import type { Figures, Outcome } from '../job.ts';
import type { ScenarioReport } from './report.ts';

/** Contender, then the figures of its runs; a text is a failed run. */
export type SampleRuns = Readonly<Record<string, readonly (Figures | string)[]>>;

/** A report for tests: sizes, then contenders, then runs. */
export function sampleReport(scenario: string, cells: Readonly<Record<number, SampleRuns>>): ScenarioReport {
  return {
    scenario,
    measuredOn: '2026-01-31',
    machine: { cpu: 'Some CPU', cores: 2, memoryGib: 8, node: 'v20.19.0', os: 'Linux 6.1.0 x64' },
    quick: false,
    cells: Object.entries(cells).map(([size, contenders]) => ({
      size: Number(size),
      contenders: Object.entries(contenders).map(([contender, runs]) => ({
        contender,
        runs: runs.map(outcome),
      })),
    })),
  };
}

function outcome(run: Figures | string): Outcome {
  return typeof run === 'string' ? { ok: false, why: run } : { ok: true, figures: run };
}
