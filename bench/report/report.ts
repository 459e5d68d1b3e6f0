import type { Outcome } from '../job.ts';
import { type Summary, summarize } from '../statistics.ts';

/** The machine that the figures are from; no names. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly os: string;
  /** Load average of the minute before the first run; absent in older results. */
  readonly load?: number;
}

/** All runs of one contender. */
export interface ContenderRuns {
  readonly contender: string;
  readonly runs: readonly Outcome[];
}

/** One size of one scenario: its contenders took turns. */
export interface Cell {
  readonly size: number;
  readonly contenders: readonly ContenderRuns[];
}

/** Everything about one scenario, as it is kept in bench/results. */
export interface ScenarioReport {
  readonly scenario: string;
  readonly measuredOn: string;
  readonly machine: Machine;
  /** True for short phases: the checks count, the figures do not. */
  readonly quick: boolean;
  readonly cells: readonly Cell[];
}

/** Names one figure. */
export interface FigureName {
  readonly size: number;
  readonly contender: string;
  readonly metric: string;
}

/** A figure over the runs that succeeded; undefined when there is none. */
export function figure(report: ScenarioReport, name: FigureName): Summary | undefined {
  const values = valuesOf(report, name).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : summarize(values);
}

/**
 * How many times `name` is of `baseline`, run by run: the runs of one turn had the same load on the machine. Undefined when no turn
 * has both.
 */
export function ratio(report: ScenarioReport, name: FigureName, baseline: FigureName): Summary | undefined {
  const others = valuesOf(report, baseline);
  const ratios = valuesOf(report, name).flatMap((value, turn) => quotient(value, others[turn]));
  return ratios.length === 0 ? undefined : summarize(ratios);
}

/** Why runs of a contender failed, each reason once. */
export function failures(runs: readonly Outcome[]): string[] {
  return [...new Set(runs.flatMap((run) => (run.ok ? [] : [run.why])))];
}

function valuesOf(report: ScenarioReport, { size, contender, metric }: FigureName): (number | undefined)[] {
  const cell = report.cells.find((one) => one.size === size);
  const runs = cell?.contenders.find((one) => one.contender === contender)?.runs ?? [];
  return runs.map((run) => (run.ok ? run.figures[metric] : undefined));
}

function quotient(value: number | undefined, other: number | undefined): number[] {
  return value === undefined || other === undefined || other === 0 ? [] : [value / other];
}
