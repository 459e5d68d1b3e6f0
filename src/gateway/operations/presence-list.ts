import {
  matchesFilter,
  PresenceFilterSchema,
  PresenceListResultSchema,
  parsePresenceFilter,
} from '../../protocol/index.ts';
import { joinFragments, type MessageParts } from '../../sinks/index.ts';
import type { Query } from '../../viewer/index.ts';
import { defineOperation, type Operation, type OperationContext } from './operation.ts';

/** What is true of a row for a time only. */
const timedFilters = ['state', 'status', 'q'] as const;

export const presenceList: Operation = defineOperation<Query>({
  name: 'presence.list',
  summary: 'The roster as instance views, filtered: the gateway first, then newest first (PF3)',
  roles: ['operator'],
  scope: 'operator.read',
  params: PresenceFilterSchema,
  result: PresenceListResultSchema,
  example: { mode: 'ui', status: 'active', role: ['operator'], q: 'a' },
  parse: parsePresenceFilter,
  http: {
    method: 'GET',
    path: '/api/v1/presence',
    // States change with the age of a row, not with the version, and a bare word may be one: such an answer has no tag.
    etag: (params, { epoch, version }) =>
      timedFilters.every((name) => params[name] === undefined) ? `${epoch}-${version}` : undefined,
  },
  handle(query, _, context) {
    const { epoch, version, maxEntries, evictions, size } = context.presence;
    const nowMs = Math.round(context.presence.now().wallMs);
    const truncated = evictions > 0 && size >= maxEntries;
    const head = JSON.stringify({ epoch, version, now: nowMs, maxEntries, truncated });
    const isWhole = query.terms.length === 0;
    const instances = isWhole ? context.lists.views() : matching(context, query, nowMs);
    return { ok: true, payload: [`${head.slice(0, -1)},"instances":`, ...instances, '}'] };
  },
});

function matching({ lists, presence }: OperationContext, query: Query, nowMs: number): MessageParts {
  const fragments: Uint8Array[] = [];
  for (const view of presence.list()) {
    if (matchesFilter(view, query, nowMs)) fragments.push(lists.view(view));
  }
  return ['[', joinFragments(fragments), ']'];
}
