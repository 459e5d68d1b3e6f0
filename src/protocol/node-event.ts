import { type TSchema, Type } from 'typebox';
import {
  type ActivityUpdate,
  type Facts,
  factNamesFrom,
  type HostStats,
  ok,
  type Result,
} from '../core/index.ts';
import { factParams } from './fact-schema.ts';
import { LIMITS } from './limits.ts';
import { invalidParams, type WireError } from './refusal.ts';
import { optional, type SchemaCheck, schemaCheck } from './schema-check.ts';
import type { Problem } from './word.ts';
import { pickWords, wordProblem, wordSchema, wordsProblem } from './word.ts';

/** The change of an event to the row of its node; the part of an `ActivityUpdate` that comes from the wire. */
export type ActivityReport = Pick<ActivityUpdate, 'facts' | 'clearLastInput' | 'hostStats'>;

/** A `node.event` (PR9). One that is not handled is answered all the same: nodes send more than presence. */
export type NodeEvent =
  | { readonly event: string; readonly handled: true; readonly report: ActivityReport }
  | { readonly event: string; readonly handled: false; readonly reason: 'unknown event' };

const countSchema = (description: string) =>
  Type.Integer({ description, minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const loadSchema = Type.Number({ minimum: 0 });

const hostStatsSchema = Type.Object({
  cpuCount: countSchema('Logical processors.'),
  loadAverage: optional(Type.Tuple([loadSchema, loadSchema, loadSchema])),
  memoryTotalBytes: countSchema('Bytes of memory.'),
  memoryFreeBytes: countSchema('Bytes of memory that are free.'),
  diskTotalBytes: optional(countSchema('Bytes of the disk.')),
  diskAvailableBytes: optional(countSchema('Bytes of the disk that are free.')),
});

const activitySchema = Type.Object({
  idleSeconds: optional(
    Type.Integer({
      description: 'Whole seconds since the last input of the person.',
      minimum: 0,
      maximum: LIMITS.maxLastInputSeconds,
    }),
  ),
  action: optional(Type.Literal('clear', { description: 'Forget the seconds since the last input.' })),
});

const aliveSchema = Type.Object(factParams('alive'));

const nodeEventSchema = Type.Object({
  event: wordSchema('Name of the event.'),
  payload: optional(Type.Unknown()),
  payloadJSON: optional(Type.String({ description: 'The payload as JSON text; wins over payload.' })),
});

type Stats = Type.Static<typeof hostStatsSchema>;
type Activity = Type.Static<typeof activitySchema>;
type Alive = Readonly<Record<string, unknown>>;
type NodeEventParams = Type.Static<typeof nodeEventSchema>;

/** Schema of the params of `node.event`. Open: unknown fields are ignored. */
export const NodeEventSchema: TSchema = nodeEventSchema;

/** Schema of the params of `presence.activity`, and of the payload of `node.presence.activity`. */
export const ActivitySchema: TSchema = activitySchema;

const aliveFacts = factNamesFrom('alive', 'string').filter((name) => name !== 'host');
const aliveStrings: readonly string[] = ['displayName', ...aliveFacts];

const checkNodeEvent = schemaCheck(nodeEventSchema);
const checkHostStats = schemaCheck(hostStatsSchema);
const checkActivity = schemaCheck(activitySchema);
const checkAlive = schemaCheck(aliveSchema);

type Outcome = ActivityReport | { readonly problem: Problem };

/** Reads the params of `node.event {event, payload | payloadJSON}` (PR9). */
export function parseNodeEvent(params: unknown): Result<NodeEvent, WireError> {
  const problem = checkNodeEvent(params);
  if (problem !== undefined) return refused(problem);
  const { event, payload, payloadJSON } = params as NodeEventParams;
  const what = event.trim() === '' ? 'must not be blank' : wordProblem(event);
  if (what !== undefined) return refused({ path: '/event', what });
  const outcome = readEvent(event.trim(), payload, payloadJSON);
  if (outcome === undefined) return unhandled(event.trim());
  if ('problem' in outcome) return refused(outcome.problem);
  return ok({ event: event.trim(), handled: true, report: outcome });
}

/**
 * Reads the params of `presence.activity` (PR9): absent, null or `{}` means input now, `{idleSeconds}` some time ago,
 * `{action: "clear"}` that it is not known any more.
 */
export function parseActivity(params: unknown): Result<ActivityReport, WireError> {
  const outcome = readActivity(params ?? {}, '');
  if ('problem' in outcome) return { ok: false, error: invalidParams('presence.activity', outcome.problem) };
  return ok(outcome);
}

function readEvent(event: string, payload: unknown, json: string | undefined): Outcome | undefined {
  const reader = readerOf(event);
  if (reader === undefined || json === undefined) return reader?.(payload, '/payload');
  const parsed = parseJson(json);
  if (parsed === undefined) return { problem: { path: '/payloadJSON', what: 'must be JSON' } };
  return reader(parsed, '/payloadJSON');
}

/** `undefined` when the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readerOf(event: string): ((payload: unknown, path: string) => Outcome) | undefined {
  switch (event) {
    case 'node.host.stats':
      return readHostStats;
    case 'node.presence.activity':
      return readNodeActivity;
    case 'node.presence.alive':
      return readAlive;
    default:
      return undefined;
  }
}

function readHostStats(payload: unknown, path: string): Outcome {
  const problem = problemAt(path, checkHostStats, payload);
  return problem === undefined ? { hostStats: hostStatsOf(payload as Stats) } : { problem };
}

function hostStatsOf(stats: Stats): HostStats {
  const { cpuCount, loadAverage, memoryTotalBytes, memoryFreeBytes } = stats;
  const { diskTotalBytes, diskAvailableBytes } = stats;
  return {
    cpuCount,
    memoryTotalBytes,
    memoryFreeBytes,
    ...(loadAverage === undefined ? {} : { loadAverage }),
    ...(diskTotalBytes === undefined ? {} : { diskTotalBytes }),
    ...(diskAvailableBytes === undefined ? {} : { diskAvailableBytes }),
  };
}

/** Unlike an operator, a node states how long ago: an empty payload is no report. */
function readNodeActivity(payload: unknown, path: string): Outcome {
  const outcome = readActivity(payload, path);
  if ('problem' in outcome) return outcome;
  const { idleSeconds, action } = payload as Activity;
  if (idleSeconds !== undefined || action !== undefined) return outcome;
  return { problem: { path: `${path}/idleSeconds`, what: 'is required' } };
}

function readActivity(payload: unknown, path: string): Outcome {
  const problem = problemAt(path, checkActivity, payload);
  if (problem !== undefined) return { problem };
  const { idleSeconds = 0, action } = payload as Activity;
  return action === 'clear' ? { clearLastInput: true } : { facts: { lastInputSeconds: idleSeconds } };
}

function readAlive(payload: unknown, path: string): Outcome {
  const problem = problemAt(path, checkAlive, payload) ?? wordsProblem(payload as Alive, aliveStrings, path);
  return problem === undefined ? { facts: aliveFactsOf(payload as Alive) } : { problem };
}

function aliveFactsOf(alive: Alive): Facts {
  const { displayName } = pickWords(alive, ['displayName']);
  return { ...(displayName === undefined ? {} : { host: displayName }), ...pickWords(alive, aliveFacts) };
}

function problemAt(path: string, check: SchemaCheck, payload: unknown): Problem | undefined {
  const problem = check(payload);
  if (problem === undefined || path === '') return problem;
  return { path: problem.path === '/' ? path : path + problem.path, what: problem.what };
}

function unhandled(event: string): Result<NodeEvent, WireError> {
  return ok({ event, handled: false, reason: 'unknown event' });
}

function refused(problem: Problem): Result<NodeEvent, WireError> {
  return { ok: false, error: invalidParams('node.event', problem) };
}
