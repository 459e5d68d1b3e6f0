import type { Findings } from './findings.ts';
import type { MemoryReading } from './memory-probe.ts';

/** Memory after a round. */
export interface Sample extends MemoryReading {
  readonly round: number;
}

/** Memory in use after a collection, bytes: what the program holds, in the heap and outside of it. */
export function usedBytes({ heapUsed, external }: MemoryReading): number {
  return heapUsed + external;
}

/** Growth from the first reading to the last: 0.1 is a tenth. */
export function growthOf(samples: readonly Sample[]): number {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('no reading of the memory');
  return usedBytes(last) / usedBytes(first) - 1;
}

/** What a run showed, one line per fact. */
export function reportLines(findings: Findings, samples: readonly Sample[]): readonly string[] {
  const harm = [...findings.harm].map(([kind, times]) => `${times} ${kind}`).join(', ');
  return [
    `honest requests: ${findings.asked}, answered: ${findings.answered}, slowest ${Math.round(findings.slowestMs)} ms`,
    `meanwhile: ${harm}`,
    ...samples.map(sampleLine),
    `memory after the last round against the first: ${percent(growthOf(samples))}`,
  ];
}

/** Everything that makes a run fail. */
export function failures(
  findings: Findings,
  samples: readonly Sample[],
  maxGrowth: number,
): readonly string[] {
  const unanswered = findings.asked - findings.answered;
  const growth = growthOf(samples);
  return [
    ...findings.faults,
    ...(unanswered === 0 ? [] : [`${unanswered} honest requests were not answered`]),
    ...(growth <= maxGrowth ? [] : [`memory grew by ${percent(growth)}, more than ${percent(maxGrowth)}`]),
  ];
}

function sampleLine(sample: Sample): string {
  const [used, heap, rss] = [usedBytes(sample), sample.heapUsed, sample.rss].map(megabytes);
  return `round ${sample.round}: ${used} MB in use (heap ${heap} MB), ${rss} MB resident`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(2);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
