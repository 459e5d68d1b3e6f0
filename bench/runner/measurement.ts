import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Contender } from '../contender.ts';
import type { Job, Outcome, ServerUnderTest } from '../job.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { startServer } from './server-process.ts';

const GENERATOR = fileURLToPath(new URL('../load/generator.js', import.meta.url));
const LAST_WORDS = 300;
const GENERATOR_OPTIONS = ['--expose-gc', '--max-old-space-size=8192'];

/** What to measure once. */
export interface Measurement {
  readonly scenario: Scenario;
  readonly size: number;
  readonly contender: Contender;
  readonly quick: boolean;
}

/**
 * Starts a new server, runs the scenario in a new load generator, stops both.
 *
 * @param profileFolder where a server of ours writes its CPU profile; none without it.
 */
export async function measure(
  { scenario, size, contender, quick }: Measurement,
  profileFolder?: string,
): Promise<Outcome> {
  const job = { scenario: scenario.name, size, contender: contender.id, quick };
  if (contender.peer === 'in-process') return generate(job);
  const server = await startServer(contender, scenario.needs(size), profileFolder);
  if ('failed' in server) return { ok: false, why: server.failed };
  const { pid, port, token, readyMs } = server;
  const underTest: ServerUnderTest = { pid, port, token, readyMs };
  try {
    return explained(await generate({ ...job, server: underTest }), server.output());
  } finally {
    await server.stop();
  }
}

/** A failure with the last output of the server. */
function explained(outcome: Outcome, output: string): Outcome {
  if (outcome.ok || output === '') return outcome;
  const words = stripVTControlCharacters(output).slice(-LAST_WORDS);
  return { ok: false, why: `${outcome.why}; the server's last words: ${words}` };
}

function generate(job: Job): Promise<Outcome> {
  const generator = fork(GENERATOR, { execArgv: GENERATOR_OPTIONS });
  return new Promise((resolve) => {
    generator.once('message', (outcome) => resolve(outcome as Outcome));
    generator.once('exit', (code) => resolve({ ok: false, why: `the load generator ended with ${code}` }));
    generator.send(job);
  });
}
