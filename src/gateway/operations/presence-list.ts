import { type TProperties, type TSchema, Type } from 'typebox';
import { err, ok, type Result } from '../../core/index.ts';
import {
  invalidParams,
  matchesFilter,
  PresenceFilterSchema,
  PresenceListResultSchema,
  parsePresenceFilter,
  type WireError,
} from '../../protocol/index.ts';
import { joinFragments, type MessageParts } from '../../sinks/index.ts';
import type { Moment, Query } from '../../viewer/index.ts';
import { defineOperation, type Operation, type OperationContext } from './operation.ts';
import { listAt, listDeparted, momentParam, PastListSchema, readMoment } from './past-list.ts';

/** What is true of a row for a time only. */
const timedFilters = ['state', 'status', 'q', 'at', 'departed'] as const;

/** Rows that fit, of now or of the past. */
interface ListAsk {
  readonly query: Query;
  readonly at: Moment | undefined;
  readonly departed: Moment | undefined;
}

const method = 'presence.list';
const { properties: filters } = PresenceFilterSchema as TSchema & { readonly properties: TProperties };

export const presenceList: Operation = defineOperation<ListAsk>({
  name: method,
  summary: 'The roster as instance views, filtered: the gateway first, then newest first (PF3)',
  roles: ['operator'],
  scope: 'operator.read',
  params: Type.Object(
    {
      ...filters,
      at: momentParam('The list as it was then'),
      departed: momentParam('Those who left since then and are not back'),
    },
    { additionalProperties: false },
  ),
  result: Type.Union([PresenceListResultSchema, PastListSchema]),
  example: { mode: 'ui', status: 'active', role: ['operator'], q: 'a' },
  parse: parseAsk,
  http: {
    method: 'GET',
    path: '/api/v1/presence',
    // States change with the age of a row, not with the version, and a bare word may be one: such an answer has no tag.
    etag: (params, { epoch, version }) =>
      timedFilters.every((name) => params[name] === undefined) ? `${epoch}-${version}` : undefined,
  },
  handle({ query, at, departed }, _, context) {
    if (at !== undefined) return listAt(at, query, context);
    if (departed !== undefined) return listDeparted(departed, query, context);
    const { epoch, version, maxEntries, evictions, size } = context.presence;
    const nowMs = Math.round(context.presence.now().wallMs);
    const truncated = evictions > 0 && size >= maxEntries;
    const head = JSON.stringify({
      epoch,
      version,
      now: nowMs,
      maxEntries,
      truncated,
      journalCursor: context.journal.cursor,
    });
    const isWhole = query.terms.length === 0;
    const instances = isWhole ? context.lists.views() : matching(context, query, nowMs);
    return { ok: true, payload: [`${head.slice(0, -1)},"instances":`, ...instances, '}'] };
  },
});

function parseAsk(params: unknown): Result<ListAsk, WireError> {
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  const { at, departed, ...filter } = (isObject ? params : {}) as Readonly<Record<string, unknown>>;
  const query = parsePresenceFilter(isObject ? filter : params);
  if (!query.ok) return query;
  const past = readMoment(method, 'at', at);
  if (!past.ok) return past;
  const left = readMoment(method, 'departed', departed);
  if (!left.ok) return left;
  if (past.value !== undefined && left.value !== undefined)
    return err(invalidParams(method, { path: '/departed', what: 'cannot be asked together with at' }));
  return ok({ query: query.value, at: past.value, departed: left.value });
}

function matching({ lists, presence }: OperationContext, query: Query, nowMs: number): MessageParts {
  const fragments: Uint8Array[] = [];
  for (const view of presence.list()) {
    if (matchesFilter(view, query, nowMs)) fragments.push(lists.view(view));
  }
  return ['[', joinFragments(fragments), ']'];
}
