import { type TSchema, type TUnsafe, Type } from 'typebox';
import { causeCodes, err, ok, type Result } from '../../core/index.ts';
import { invalidParams, optional, typedSchema, type WireError } from '../../protocol/index.ts';
import { type PastView, rowStates } from '../../sinks/index.ts';
import {
  englishWords,
  type Moment,
  matches,
  momentMs,
  parseMoment,
  type QueriedRow,
  type Query,
} from '../../viewer/index.ts';
import { answer, type OperationContext, type Reply, refuse } from './operation.ts';
import { momentSchema } from './schemas.ts';

/** Clocks of those who ask may be ahead by this much, milliseconds. */
const clockSkewMs = 60_000;

/** A parameter that is a moment (PJ9). */
export function momentParam(description: string): TSchema {
  const text = Type.String({ minLength: 1, maxLength: 40 });
  const how = 'ms since the epoch, ISO 8601, or a duration back (1h, 7d)';
  return optional(
    Type.Union([Type.Integer({ minimum: 0 }), text], { description: `${description}: ${how}.` }),
  );
}

/** Reads a moment among the parameters of a method; an absent one is `undefined`. */
export function readMoment(
  method: string,
  name: string,
  value: unknown,
): Result<Moment | undefined, WireError> {
  if (value === undefined) return ok(undefined);
  const moment = parseMoment(value);
  return moment.ok ? moment : err(invalidParams(method, { path: `/${name}`, what: moment.error }));
}

/** Schema of a cause. */
export const causeSchema: TSchema = Type.Object(
  { code: Type.Enum(causeCodes), evidence: optional(Type.String()) },
  { additionalProperties: false },
);

/** A row of the past: the facts that the journal keeps, and how the row stood. Open, for facts to come. */
const PastViewSchema: TUnsafe<PastView> = typedSchema<PastView>(
  Type.Object({
    key: Type.String(),
    ts: { ...momentSchema, description: 'When it came to stand like this.' },
    state: Type.Enum([...rowStates]),
    connections: Type.Integer({ minimum: 0, description: '1 while it was connected.' }),
    cause: optional(causeSchema),
    disconnectedAtMs: optional(momentSchema),
    unreachableSinceMs: optional(momentSchema),
    leftAtMs: optional({ ...momentSchema, description: 'When it left, in a list of the departed.' }),
    lastSeenMs: optional({ ...momentSchema, description: 'When it was heard from last, there.' }),
  }),
);

/** Answer of `presence.list` with `at` or `departed`. */
export const PastListSchema: TSchema = Type.Object(
  {
    now: momentSchema,
    at: optional({ ...momentSchema, description: 'The moment that the list shows.' }),
    departedSinceMs: optional({ ...momentSchema, description: 'Who left since this moment.' }),
    cutOffAtMs: optional({ ...momentSchema, description: 'Complete only since this moment.' }),
    journalCursor: Type.String(),
    instances: Type.Array(PastViewSchema),
  },
  { additionalProperties: false },
);

/** The roster as it was at a moment (PJ10): the gateway's own row first, then those that changed last. */
export function listAt(moment: Moment, query: Query, { journal, presence }: OperationContext): Reply {
  const nowMs = Math.round(presence.now().wallMs);
  const at = momentMs(moment, nowMs);
  if (at > nowMs + clockSkewMs) return refuseAt('must not be in the future');
  const rows = journal.at(Math.min(at, nowMs));
  if (rows === undefined) {
    const since = new Date(Math.ceil(journal.knownSinceMs)).toISOString();
    return refuseAt(`the journal begins at ${since}: nothing is known before`);
  }
  const [self] = presence.list();
  const own = self?.self === true ? rows.filter(({ key }) => key === self.key) : [];
  const others = rows.filter((row) => !own.includes(row));
  const instances = [...own.map((row) => ({ ...row, self: true })), ...others];
  return answer({
    now: nowMs,
    at,
    journalCursor: journal.cursor,
    instances: instances.filter((row) => matchesPast(row, query)),
  });
}

/** Instances that left since a moment and are not back, the latest first (PJ8, PJ10). */
export function listDeparted(moment: Moment, query: Query, { journal, presence }: OperationContext): Reply {
  const nowMs = Math.round(presence.now().wallMs);
  const since = momentMs(moment, nowMs);
  const { knownSinceMs } = journal;
  return answer({
    now: nowMs,
    departedSinceMs: since,
    ...(since < knownSinceMs && { cutOffAtMs: Math.round(knownSinceMs) }),
    journalCursor: journal.cursor,
    instances: journal.departed(since).filter((row) => matchesPast(row, query)),
  });
}

/** True when a row fits, as it was when it came to stand like this. */
export function matchesPast(row: PastView, query: Query): boolean {
  return matches(query, row as QueriedRow, { nowMs: row.ts, words: englishWords });
}

function refuseAt(what: string): Reply {
  return refuse(invalidParams('presence.list', { path: '/at', what }));
}
