import { beacons, churn, steady } from './actors/honest.ts';
import { garbage, halfOpen, idler, slowReader, stranger } from './actors/hostile.ts';
import { httpReader, streamReader } from './actors/http.ts';
import { type Actor, type Field, pause } from './field.ts';
import { Findings } from './findings.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { HonestClient } from './honest-client.ts';
import { type Plan, soakPlan } from './plan.ts';
import { Random } from './random.ts';
import { failures, reportLines, type Sample } from './report.ts';
import { rosterFaults } from './roster-faults.ts';

/** Everybody who takes part; each has random numbers of its own. */
function crowd(field: Field, clients: readonly HonestClient[], random: Random): readonly Actor[] {
  const times = (count: number, make: (field: Field, random: Random) => Actor): Actor[] =>
    Array.from({ length: count }, () => make(field, random.fork()));
  return [
    ...clients.map((client) => steady(client, random.fork())),
    ...times(10, churn),
    ...times(2, beacons),
    ...times(2, httpReader),
    ...times(3, streamReader),
    ...times(50, garbage),
    ...times(10, stranger),
    ...times(5, halfOpen),
    ...times(5, slowReader),
    ...times(10, idler),
  ];
}

/** Clients that are there from the first moment to the last; every second one follows by deltas. */
async function steadyClients({ url, token, findings }: Field): Promise<readonly HonestClient[]> {
  const identities = Array.from({ length: 10 }, (_, index) => ({
    instanceId: `steady-${index}`,
    host: `steady-${index}`,
    mode: 'ui',
    deltas: index % 2 === 0,
  }));
  return Promise.all(identities.map((identity) => HonestClient.connect(url, token, identity, findings)));
}

async function rounds(
  plan: Plan,
  gateway: GatewayProcess,
  actors: readonly Actor[],
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const endMs = Date.now() + plan.loadMs;
  for (let round = 1; Date.now() < endMs; round += 1) {
    const roundEndMs = Date.now() + plan.roundMs;
    await Promise.race([gateway.died, Promise.all(actors.map((actor) => actor.round(roundEndMs)))]);
    // What the gateway still has to close takes its handshake and ping times.
    await pause(plan.timing.pingIntervalMs + 2_000);
    samples.push({ round, ...(await gateway.memory()) });
  }
  return samples;
}

async function soak(plan: Plan): Promise<readonly string[]> {
  const gateway = await startGateway(plan.timing);
  const findings = new Findings();
  const field = { url: gateway.url, token: gateway.token, findings };
  const clients = await steadyClients(field);
  const samples = await rounds(plan, gateway, crowd(field, clients, new Random(plan.seed)));
  for (const fault of await rosterFaults(field, { steady: clients, ttlMs: plan.timing.ttlMs }))
    findings.fault(fault);
  await Promise.all(clients.map((client) => client.leave()));
  await gateway.stop();
  if (gateway.log.trim() !== '') findings.fault(`the gateway logged ${gateway.log}`);
  for (const line of reportLines(findings, samples)) console.log(line);
  return failures(findings, samples, plan.maxGrowth);
}

try {
  const plan = soakPlan(process.argv.slice(2));
  console.log(`soak: ${plan.loadMs / 60_000} minutes of load, seed ${plan.seed}`);
  const failed = await soak(plan);
  for (const failure of failed) console.error(`FAILED: ${failure}`);
  if (failed.length === 0) console.log('passed');
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
