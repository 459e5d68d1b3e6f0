import type { Contender } from '../contender.ts';
import type { Figures, ServerUnderTest } from '../job.ts';

/** One figure of a scenario. */
export interface Metric {
  readonly key: string;
  readonly label: string;
  /** `''` for a plain number. */
  readonly unit: string;
  readonly better: 'less' | 'more';
}

/** What a scenario needs of the server, beyond its defaults. */
export interface ServerNeeds {
  /** Rows to make room for. */
  readonly maxEntries?: number;
  /** Collect garbage when asked by signal, so that memory can be compared. */
  readonly collectsGarbage?: boolean;
}

/** Input of a scenario for one run. */
export interface Run {
  readonly size: number;
  readonly quick: boolean;
  readonly contender: Contender;
  /** A new server that is ready. */
  readonly server: ServerUnderTest;
}

/** One measurement of all contenders. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Description of what is done and measured, for the report. */
  readonly about: string;
  /** What the size counts, for example `clients`. */
  readonly sizeUnit: string;
  readonly sizes: readonly number[];
  readonly quickSizes: readonly number[];
  /** Ids of contenders, in the order of the table. */
  readonly contenders: readonly string[];
  /** Sizes above which a contender is left out: it would take hours or all memory. */
  readonly largestSizes?: Readonly<Record<string, number>>;
  /** The contender that ratios are against. */
  readonly baseline: string;
  /** The first is the one that the chart shows. */
  readonly metrics: readonly Metric[];
  needs(size: number): ServerNeeds;
  /** Runs in the load generator; throws when a view differs from the server's list. */
  run(run: Run): Promise<Figures>;
}

/** CPU of both sides; every scenario that measures a phase reports them. */
export const cpuMetrics: readonly Metric[] = [
  { key: 'serverCpuSeconds', label: 'server CPU', unit: 's', better: 'less' },
  { key: 'generatorCpuSeconds', label: 'generator CPU', unit: 's', better: 'less' },
];

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
