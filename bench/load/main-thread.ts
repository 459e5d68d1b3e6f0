import type { Browser, Page } from 'playwright-core';

/** Activity of the main thread of a page during a measurement. */
export interface MainThread {
  readonly tasks: number;
  /** CPU time of the longest task, which other programs do not affect. */
  readonly longestMs: number;
  /** Tasks of over 50 ms by the wall clock, other programs' time included. */
  readonly longTasks: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'];

/** Measures the main thread of a page while `work` runs. */
export async function watchMainThread(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<MainThread> {
  await browser.startTracing(page, { categories });
  await work();
  const trace: { traceEvents: readonly TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;
  const mainThreads = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = trace.traceEvents.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && mainThreads.has(threadOf(event)),
  );
  return {
    tasks: tasks.length,
    longestMs: tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1_000,
    longTasks: tasks.filter(({ dur = 0 }) => dur > 50_000).length,
  };
}
