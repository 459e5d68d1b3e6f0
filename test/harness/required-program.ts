import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, type TestContext } from 'vitest';

/**
 * Skips the test that runs, by name and count, when one of the programs is missing; under CI it fails instead.
 *
 * @param context the context of the test or of its `beforeEach`.
 */
export function requirePrograms(context: TestContext, ...names: readonly string[]): void {
  const note = missingNote(names);
  if (note !== undefined) context.skip(note);
}

/** Describes tests that need programs: skipped, with the reason in the name, when one is missing; under CI an error. */
export function describeWith(programs: readonly string[], name: string, tests: () => void): void {
  const note = missingNote(programs);
  if (note === undefined) describe(name, tests);
  else describe.skip(`${name} (${note})`, tests);
}

/** Which of the programs are missing, as `needs a, b`; `undefined` when all are there. Throws under CI. */
function missingNote(names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !isOnPath(name));
  return missing.length === 0 ? undefined : skipNote(`needs ${missing.join(', ')}`);
}

/** The reason of a skip; under CI, where nothing may be skipped, an error. */
export function skipNote(reason: string): string {
  if (process.env['CI']) throw new Error(`a test ${reason}: install it (Debian: apt-get install)`);
  return reason;
}

function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
