import { isDeepStrictEqual } from 'node:util';
import { type Field, pause } from './field.ts';
import { HonestClient } from './honest-client.ts';
import type { Row } from './replay.ts';

/** What the roster must hold when everybody else is gone. */
export interface Expectation {
  readonly steady: readonly HonestClient[];
  readonly ttlMs: number;
}

interface List {
  readonly version: number;
  readonly instances: readonly Row[];
}

const lastBeacons = 20;

/**
 * Waits until every row of the load has expired, while a known set of rows is kept fresh, then compares the roster with that
 * set, and with what each follower made of its deltas. Returns what differs.
 */
export async function rosterFaults(field: Field, { steady, ttlMs }: Expectation): Promise<readonly string[]> {
  const writer = { host: 'final-check', mode: 'cli', scopes: ['operator.write', 'operator.read'] };
  const client = await HonestClient.connect(field.url, field.token, writer, field.findings);
  const keys = Array.from({ length: lastBeacons }, (_, index) => `last-${index}`);
  for (const endMs = Date.now() + ttlMs + 2_000; Date.now() < endMs; await pause(ttlMs / 8)) {
    for (const instanceId of keys)
      await client.ask('system-event', { text: 'last', instanceId, mode: 'test' });
  }
  const { payload } = await client.ask('presence.list');
  const faults = [...setFaults(payload as List, keys, steady), ...(await replayFaults(client, steady))];
  await client.leave();
  return faults;
}

function setFaults({ instances }: List, keys: readonly string[], steady: readonly HonestClient[]): string[] {
  const expected = new Map<string | undefined, object>([
    ...keys.map((key) => [key, { mode: 'test', connections: 0 }] as const),
    ...steady.map(({ identity }) => [identity.instanceId, { mode: identity.mode, connections: 1 }] as const),
  ]);
  const faults: string[] = [];
  for (const { key, mode, connections, self } of instances) {
    if (self === true) continue;
    const row = expected.get(key);
    if (row === undefined) faults.push(`the roster holds ${key}, which must be gone`);
    else if (!isDeepStrictEqual(row, { mode, connections }))
      faults.push(`${key} is ${mode} with ${connections}`);
    expected.delete(key);
  }
  return [...faults, ...[...expected.keys()].map((key) => `the roster lacks ${key}`)];
}

/** Every follower must have arrived at the list that a question gets, once its last delta is there. */
async function replayFaults(client: HonestClient, steady: readonly HonestClient[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { identity, replay } of steady.filter(({ identity }) => identity.deltas)) {
    const list = await sameVersion(client, replay);
    const rows = new Map(list.instances.filter(({ self }) => self !== true).map((row) => [row.key, row]));
    const seen = new Map([...replay.rows].filter(([, row]) => row.self !== true));
    if (!isDeepStrictEqual(seen, rows))
      faults.push(`${identity.host} sees another roster than presence.list`);
    if (replay.gaps > 0) faults.push(`${identity.host} missed ${replay.gaps} deltas`);
  }
  return faults;
}

async function sameVersion(client: HonestClient, replay: { readonly version: number }): Promise<List> {
  for (let tries = 0; ; tries += 1) {
    const list = (await client.ask('presence.list')).payload as List;
    if (list.version === replay.version || tries === 50) return list;
    await pause(100);
  }
}
