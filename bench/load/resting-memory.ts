import { processTree, residentBytes } from '../runner/process-usage.ts';
import { pause } from '../scenarios/scenario.ts';

const MIB = 2 ** 20;

/** Resident memory of a server in MiB once its garbage is collected; it must have been started to collect on SIGUSR2. */
export async function restingMebibytes(pid: number, quick: boolean): Promise<number> {
  await pause(quick ? 50 : 1_000);
  for (const one of processTree(pid)) process.kill(one, 'SIGUSR2');
  await pause(quick ? 200 : 1_500);
  return residentBytes(pid) / MIB;
}
