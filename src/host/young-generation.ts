import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of the heap at its first size, 2 MiB. Node lets it grow to 32 or 64 MiB as soon as much survives
 * at once, and does not shrink it while a program goes on working (docs/decisions/0016-profiles.md).
 *
 * Does nothing where the owner chose a size by a flag of Node. To be called before anything large is made.
 */
export function keepYoungGenerationSmall(
  nodeFlags: readonly string[] = [process.env['NODE_OPTIONS'] ?? '', ...process.execArgv],
): void {
  if (nodeFlags.some((flag) => flag.includes('semi-space'))) return;
  setFlagsFromString('--semi-space-growth-factor=1');
}
