import { afterEach, describe, expect, it } from 'vitest';
import { beacons, churn, steady } from '../soak/actors/honest.ts';
import { garbage, idler, stranger } from '../soak/actors/hostile.ts';
import { httpReader } from '../soak/actors/http.ts';
import type { Actor, Field } from '../soak/field.ts';
import { Findings } from '../soak/findings.ts';
import { type GatewayProcess, startGateway } from '../soak/gateway-process.ts';
import { HonestClient } from '../soak/honest-client.ts';
import { Random } from '../soak/random.ts';
import { usedBytes } from '../soak/report.ts';

const timing = { pingIntervalMs: 2_500, renewalMs: 2_500, ttlMs: 6_000 };
const roundMs = 1_500;
const gateways: GatewayProcess[] = [];

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop();
});

type MakeActor = (field: Field, random: Random) => Actor;

/** Two rounds of a flood beside honest clients: what those received, and the memory after each round. */
async function flooded(count: number, makeActor: MakeActor): Promise<{ findings: Findings; growth: number }> {
  const gateway = await startGateway(timing);
  gateways.push(gateway);
  const findings = new Findings();
  const field = { url: gateway.url, token: gateway.token, findings };
  const random = new Random(1);
  const identity = { instanceId: 'steady', host: 'steady', mode: 'ui', deltas: true };
  const client = await HonestClient.connect(field.url, field.token, identity, findings);
  const actors = [
    ...[steady(client, random.fork()), churn(field, random.fork()), httpReader(field, random.fork())],
    ...Array.from({ length: count }, () => makeActor(field, random.fork())),
  ];
  const used: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const endMs = Date.now() + roundMs;
    await Promise.race([gateway.died, Promise.all(actors.map((actor) => actor.round(endMs)))]);
    used.push(usedBytes(await gateway.memory()));
  }
  await client.leave();
  return { findings, growth: (used[1] ?? 0) / (used[0] ?? 1) };
}

describe('floods', () => {
  it.each<[string, string | undefined, number, MakeActor]>([
    ['[PL1] 100 sockets that say nothing, or a head letter by letter', 'idle sockets', 100, idler],
    ['[PA7] [PW10] 30 strangers with bad tokens and first frames', 'bad handshakes', 30, stranger],
    ['[PW10] a megabyte of garbage a second on 50 sockets', 'garbage kB', 50, garbage],
    ['[PK6] 20 clients that come and go all the time', undefined, 20, churn],
    ['[PT3] beacons about a thousand instances', undefined, 5, beacons],
  ])('%s: honest clients get their answers, memory stays', async (_, harm, count, makeActor) => {
    const { findings, growth } = await flooded(count, makeActor);
    expect(findings.faults).toEqual([]);
    expect(findings.answered).toBe(findings.asked);
    expect(findings.asked).toBeGreaterThan(10);
    if (harm !== undefined) expect(findings.harm.get(harm)).toBeGreaterThan(count);
    // Seconds after the start the code itself is still being compiled; a leak of a flood is a multiple.
    expect(growth).toBeLessThan(1.3);
  });
});
