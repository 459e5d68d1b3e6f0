import { Type } from 'typebox';
import { presenceKey, type Result } from '../../core/index.ts';
import {
  type Beacon,
  BeaconSchema,
  invalidParams,
  parseBeacon,
  refusal,
  type WireError,
} from '../../protocol/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from '../access/caller.ts';
import type { PresenceWriter } from '../presence/presence.ts';
import { answer, defineOperation, type Operation, type Reply } from './operation.ts';
import { done } from './schemas.ts';

/** Most beacons of one request. */
const maxBeacons = 100;

/** Beacons as they were sent: one, or the items of a list. */
interface SentBeacons {
  readonly isList: boolean;
  readonly items: readonly unknown[];
}

export const systemEvent: Operation = defineOperation<SentBeacons>({
  name: 'system-event',
  summary: `One beacon, or a list of up to ${maxBeacons}; all are checked before the first is stored (PR6)`,
  // Whose row may be written is asked when the row is known (PA5).
  roles: ['operator', 'node'],
  params: Type.Union([BeaconSchema, Type.Array(BeaconSchema, { minItems: 1, maxItems: maxBeacons })]),
  result: done({ accepted: Type.Integer({ minimum: 1, description: 'Beacons that were stored.' }) }),
  example: {
    text: 'Node: a · mode ui',
    instanceId: 'a',
    tags: ['t'],
    lastInputSeconds: 5,
    ip: '192.0.2.1',
  },
  http: { method: 'POST', path: '/api/v1/beacons' },
  parse: sentBeacons,
  handle: ({ isList, items }, caller, { writer }) =>
    isList ? storeAll(items, caller, writer) : storeOne(items[0], caller, writer),
});

function sentBeacons(params: unknown): Result<SentBeacons, WireError> {
  if (!Array.isArray(params)) return { ok: true, value: { isList: false, items: [params] } };
  if (params.length > 0 && params.length <= maxBeacons)
    return { ok: true, value: { isList: true, items: params } };
  const problem = { path: '/', what: `must be 1 to ${maxBeacons} beacons` };
  return { ok: false, error: invalidParams('system-event', problem) };
}

const storedOne = answer({ ok: true, accepted: 1 });

function storeOne(item: unknown, caller: Caller, writer: PresenceWriter): Reply {
  const parsed = parseBeacon(item);
  if (!parsed.ok) return parsed;
  const update = sentBy(caller, parsed.beacon);
  const error = beaconRefusal(update, caller, writer);
  if (error !== undefined) return { ok: false, error };
  const outcome = writer.beacon(update);
  return 'refusal' in outcome ? { ok: false, error: rosterRefusal(outcome.refusal) } : storedOne;
}

/** Of a list nothing is stored unless the roster takes all, so it is asked before. */
function storeAll(items: readonly unknown[], caller: Caller, writer: PresenceWriter): Reply {
  const beacons: Beacon[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = parseBeacon(item);
    if (!parsed.ok) return { ...parsed, index };
    beacons.push(parsed.beacon);
    const error = claimSelf(beacons) ? refusal('selfRow') : refusalOf(parsed.beacon, caller, writer);
    if (error !== undefined) return { ok: false, error, index };
  }
  for (const [index, beacon] of beacons.entries()) {
    const outcome = writer.beacon(sentBy(caller, beacon));
    if ('refusal' in outcome) return { ok: false, error: rosterRefusal(outcome.refusal), index };
  }
  return answer({ ok: true, accepted: beacons.length });
}

function sentBy({ connectionId }: Caller, beacon: Beacon): Beacon & { readonly connectionId?: string } {
  return connectionId === undefined ? beacon : { ...beacon, connectionId };
}

function refusalOf(beacon: Beacon, caller: Caller, writer: PresenceWriter): WireError | undefined {
  const update = sentBy(caller, beacon);
  const error = beaconRefusal(update, caller, writer);
  if (error !== undefined) return error;
  const target = writer.target(update);
  return 'refusal' in target ? rosterRefusal(target.refusal) : undefined;
}

/** Two halves of a claim to be the gateway would pass one by one, and meet in the row (PR2). */
function claimSelf(beacons: readonly Beacon[]): boolean {
  return (
    beacons.some(({ facts }) => presenceKey(facts.mode) === 'gateway') &&
    beacons.some(({ facts }) => presenceKey(facts.reason) === 'self')
  );
}
