import { contenderOf } from '../contender.ts';
import type { Job, Outcome, ServerUnderTest } from '../job.ts';
import { scenarioOf } from '../scenarios/catalogue.ts';

/** The load generator: a separate process that receives one job by message, sends its outcome and ends. */
process.once('message', (job: Job) => {
  perform(job).then((outcome) => {
    process.send?.(outcome, () => process.exit(0));
  });
});

process.once('disconnect', () => process.exit());

async function perform(job: Job): Promise<Outcome> {
  const { size, quick } = job;
  try {
    const contender = contenderOf(job.contender);
    const server = job.server ?? thisProcess();
    return { ok: true, figures: await scenarioOf(job.scenario).run({ size, quick, contender, server }) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Scenarios without a server run in the generator itself. */
function thisProcess(): ServerUnderTest {
  return { port: 0, pid: process.pid, token: '', readyMs: 0 };
}
