/**
 * How often a property runs: 200 times, or `ROLLCALL_PROPERTY_RUNS` times when that is set (`npm run test:nightly`).
 * Throws `TypeError` when it is set to something else than a positive whole number.
 */
export function propertyRuns(): number {
  const setting = process.env['ROLLCALL_PROPERTY_RUNS'];
  if (setting === undefined) return 200;
  const runs = Number(setting);
  if (!Number.isSafeInteger(runs) || runs < 1) {
    throw new TypeError(`ROLLCALL_PROPERTY_RUNS must be a positive whole number, got ${setting}`);
  }
  return runs;
}
