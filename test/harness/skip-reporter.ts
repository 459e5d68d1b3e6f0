import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Ends a run with what was skipped and why, by count: a skipped test has not passed. */
export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const reason = reasonOf(test);
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
    }
    for (const [reason, count] of counts) process.stdout.write(` skipped: ${count} (${reason})\n`);
  }
}

/** The note of `context.skip`, else the `(needs …)` of a suite, else that the test or a filter skipped it. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? /\((needs .*?)\)(?: >|$)/.exec(test.fullName)?.[1] ?? 'marked in the test, or filtered out';
}
