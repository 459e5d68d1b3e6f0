import { type TUnsafe, Type } from 'typebox';
import { err, ok, type Result } from '../../core/index.ts';
import {
  invalidParams,
  LIMITS,
  optional,
  type Problem,
  schemaCheck,
  typedSchema,
  type WireError,
} from '../../protocol/index.ts';
import { type JournalEntry, type JournalKind, type JournalQuery, journalKinds } from '../../sinks/index.ts';
import { allOf, type Moment, momentMs, parseQuery, type Query } from '../../viewer/index.ts';
import { answer, defineOperation, type Operation, type OperationContext, refuse } from './operation.ts';
import { causeSchema, matchesPast, momentParam, readMoment } from './past-list.ts';
import { momentSchema } from './schemas.ts';

/** Most entries of one answer; more are at its cursor. */
const maxLimit = 10_000;
const defaultLimit = 200;

const kind = Type.Enum([...journalKinds]);
const word = Type.String({ maxLength: LIMITS.maxWordLength });

const params = Type.Object(
  {
    since: momentParam('Entries from here on, oldest first; without it and a cursor the newest'),
    until: momentParam('Entries up to here'),
    q: optional({ ...word, description: 'Query on the rows of entries, as in presence.list.' }),
    who: optional({ ...word, description: 'Presence key of an instance, or a query.' }),
    kinds: optional(
      Type.Union([kind, Type.Array(kind, { maxItems: journalKinds.length })], {
        description: `One kind or a list: ${journalKinds.join(', ')}.`,
      }),
    ),
    limit: optional(
      Type.Integer({ minimum: 1, maximum: maxLimit, description: `Most entries, default ${defaultLimit}.` }),
    ),
    cursor: optional({
      ...word,
      description: 'Entries after those of an earlier answer, oldest first.',
    }),
  },
  { additionalProperties: false },
);

const closed = { additionalProperties: false } as const;
const parts = Type.Record(Type.String(), Type.Unknown());

/** One entry of the journal. */
export const JournalEntrySchema: TUnsafe<JournalEntry> = typedSchema<JournalEntry>(
  Type.Object(
    {
      id: Type.Integer({ minimum: 1, description: 'One more than that of the entry before.' }),
      at: momentSchema,
      kind,
      key: Type.String({ description: 'Presence key of the instance.' }),
      host: optional(Type.String()),
      gateways: optional(Type.Array(Type.String())),
      cause: optional(causeSchema),
      previous: optional({ ...parts, description: 'What was different before.' }),
      current: optional({ ...parts, description: 'The same parts as they are with this entry.' }),
      lastSeenMs: optional(momentSchema),
      count: optional(Type.Integer({ minimum: 1, description: 'Departures so far, of one that flaps.' })),
      sinceMs: optional(momentSchema),
      untilMs: optional(momentSchema),
    },
    closed,
  ),
);

/** What is asked of the journal; moments are fixed when it is answered. */
interface JournalAsk {
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
  readonly query: Query;
  readonly who: string | undefined;
  readonly kinds: readonly JournalKind[] | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

type Source = Readonly<Record<'since' | 'until' | 'q' | 'who' | 'kinds' | 'limit' | 'cursor', unknown>>;

const check = schemaCheck(params);

export const presenceJournal: Operation = defineOperation<JournalAsk>({
  name: 'presence.journal',
  summary: 'Who came, who went, and why: the entries of the journal (PJ9)',
  roles: ['operator'],
  scope: 'operator.read',
  params,
  result: Type.Object(
    {
      entries: Type.Array(JournalEntrySchema),
      cursor: Type.String({ description: 'Where to go on; what is entered later comes after it.' }),
      cutOffAtMs: optional({
        ...momentSchema,
        description: 'The answer is complete only since this moment.',
      }),
    },
    closed,
  ),
  example: { since: '1h', q: 'mode:node', kinds: ['left', 'removed'], limit: 50 },
  parse: parseAsk,
  http: {
    method: 'GET',
    path: '/api/v1/journal',
    lines: { of: 'entries', headers: { cursor: 'Journal-Cursor', cutOffAtMs: 'Journal-Cut-Off-At-Ms' } },
  },
  handle(ask, _, context) {
    const query = journalQuery(ask, context);
    if (!query.ok) return refuse(query.error);
    const { entries, cursor, cutOffAtMs } = context.journal.query(query.value);
    return answer({ entries, cursor, ...(cutOffAtMs !== undefined && { cutOffAtMs }) });
  },
});

function parseAsk(given: unknown): Result<JournalAsk, WireError> {
  const source = (given ?? {}) as Source;
  const problem = check(source);
  if (problem !== undefined) return err(refused(problem));
  const since = readMoment('presence.journal', 'since', source.since);
  if (!since.ok) return since;
  const until = readMoment('presence.journal', 'until', source.until);
  if (!until.ok) return until;
  const { q = '', who, kinds, limit = defaultLimit, cursor } = source as Partial<Record<string, unknown>>;
  const query = parseQuery(String(q));
  if (!query.ok)
    return err(refused({ path: '/q', what: `at ${query.error.at + 1}: ${query.error.message}` }));
  return ok({
    since: since.value,
    until: until.value,
    query: query.value,
    who: who as string | undefined,
    kinds: kinds === undefined ? undefined : ([kinds].flat() as JournalKind[]),
    limit: limit as number,
    cursor: cursor as string | undefined,
  });
}

function refused(problem: Problem): WireError {
  return invalidParams('presence.journal', problem);
}

function journalQuery(
  { since, until, query, who, kinds, limit, cursor }: JournalAsk,
  { journal, presence }: OperationContext,
): Result<JournalQuery, WireError> {
  const nowMs = presence.now().wallMs;
  const isKey = who !== undefined && journal.has(who);
  const asked = parseQuery(isKey ? '' : (who ?? ''));
  if (!asked.ok)
    return err(refused({ path: '/who', what: `at ${asked.error.at + 1}: ${asked.error.message}` }));
  const wanted = allOf(query, asked.value);
  return ok({
    sinceMs: since && momentMs(since, nowMs),
    untilMs: until && momentMs(until, nowMs),
    cursor,
    kinds,
    limit,
    key: isKey ? who : undefined,
    accepts: wanted.terms.length === 0 ? undefined : (row) => matchesPast(row, wanted),
  });
}
