import { Type } from 'typebox';
import { type BeaconUpdate, presenceKey, type Result } from '../../core/index.ts';
import {
  type Beacon,
  BeaconSchema,
  invalidParams,
  parseBeacon,
  refusal,
  type WireError,
} from '../../protocol/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from '../access/caller.ts';
import { answer, defineOperation, type Operation, type OperationContext, type Reply } from './operation.ts';
import { done } from './schemas.ts';

/** Most beacons of one request. */
const maxBeacons = 100;

/** What beacons are stored with. */
type StoreContext = Pick<OperationContext, 'presence' | 'writer' | 'newInstances'>;

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
  handle: ({ isList, items }, caller, context) =>
    isList ? storeAll(items, caller, context) : storeOne(items[0], caller, context),
});

function sentBeacons(params: unknown): Result<SentBeacons, WireError> {
  if (!Array.isArray(params)) return { ok: true, value: { isList: false, items: [params] } };
  if (params.length > 0 && params.length <= maxBeacons)
    return { ok: true, value: { isList: true, items: params } };
  const problem = { path: '/', what: `must be 1 to ${maxBeacons} beacons` };
  return { ok: false, error: invalidParams('system-event', problem) };
}

const storedOne = answer({ ok: true, accepted: 1 });

function storeOne(item: unknown, caller: Caller, context: StoreContext): Reply {
  const { writer, newInstances } = context;
  const parsed = parseBeacon(item);
  if (!parsed.ok) return parsed;
  const update = sentBy(caller, parsed.value);
  const error = beaconRefusal(update, caller, writer) ?? limitedBy(update, caller, context);
  if (error !== undefined) return { ok: false, error };
  const outcome = writer.beacon(update);
  newInstances.count(caller.credential, outcome);
  return 'refusal' in outcome ? { ok: false, error: rosterRefusal(outcome.refusal) } : storedOne;
}

/** Of a list nothing is stored unless the roster takes all, so it is asked before. */
function storeAll(items: readonly unknown[], caller: Caller, context: StoreContext): Reply {
  const { writer, newInstances } = context;
  const beacons: Beacon[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = parseBeacon(item);
    if (!parsed.ok) return { ...parsed, index };
    beacons.push(parsed.value);
    const error = claimSelf(beacons) ? refusal('selfRow') : refusalOf(parsed.value, caller, context);
    if (error !== undefined) return { ok: false, error, index };
  }
  for (const [index, beacon] of beacons.entries()) {
    const outcome = writer.beacon(sentBy(caller, beacon));
    newInstances.count(caller.credential, outcome);
    if ('refusal' in outcome) return { ok: false, error: rosterRefusal(outcome.refusal), index };
  }
  return answer({ ok: true, accepted: beacons.length });
}

/** Asked for the row only when the credential has used up its new instances (PT3). */
function limitedBy(
  update: BeaconUpdate,
  { credential }: Caller,
  { writer, presence, newInstances }: StoreContext,
): WireError | undefined {
  return newInstances.refusal(credential, () => {
    const target = writer.target(update);
    return !('refusal' in target) && presence.get(target.key) === undefined;
  });
}

// Named one by one: to spread a beacon costs 5 % of all its CPU time.
function sentBy({ connectionId }: Caller, { facts, clearLastInput }: Beacon): BeaconUpdate {
  return connectionId === undefined ? { facts, clearLastInput } : { facts, clearLastInput, connectionId };
}

function refusalOf(beacon: Beacon, caller: Caller, context: StoreContext): WireError | undefined {
  const { writer } = context;
  const update = sentBy(caller, beacon);
  const error = beaconRefusal(update, caller, writer) ?? limitedBy(update, caller, context);
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
