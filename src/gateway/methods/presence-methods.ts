import type { InstanceView } from '../../core/index.ts';
import { matchesFilter, parseActivity, parseBeacon, parsePresenceFilter } from '../../protocol/index.ts';
import { joinFragments, type MessageParts } from '../../sinks/index.ts';
import type { Query } from '../../viewer/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from '../access/caller.ts';
import { answer, type Handlers, type MethodContext, type Reply, refuse } from './method-context.ts';
import { storeOwnReport } from './own-report.ts';

type Name = 'system-presence' | 'presence.list' | 'system-event' | 'presence.activity';

const done = answer({ ok: true });

/** Methods about rows: reading them, and beacons (PW6, PW9, PR6, PR9). */
export function presenceMethods(context: MethodContext): Handlers<Name> {
  const { writer, lists } = context;
  return {
    'system-presence': () => ({ ok: true, payload: lists.entries() }),
    'presence.list': (params) => {
      const parsed = parsePresenceFilter(params);
      return parsed.ok ? listReply(context, parsed.value) : refuse(parsed.error);
    },
    'system-event': (params, caller) => beaconReply(context, params, caller),
    'presence.activity': (params, caller) => {
      const parsed = parseActivity(params);
      if (!parsed.ok) return parsed;
      const error = storeOwnReport(writer, caller, { source: 'activity', ...parsed.report });
      return error === undefined ? done : refuse(error);
    },
  };
}

function beaconReply({ writer }: MethodContext, params: unknown, caller: Caller): Reply {
  const parsed = parseBeacon(params);
  if (!parsed.ok) return parsed;
  const { connectionId } = caller;
  const update = connectionId === undefined ? parsed.beacon : { ...parsed.beacon, connectionId };
  const error = beaconRefusal(update, caller, writer);
  if (error !== undefined) return refuse(error);
  const outcome = writer.beacon(update);
  return 'refusal' in outcome ? refuse(rosterRefusal(outcome.refusal)) : done;
}

function listReply({ presence, lists }: MethodContext, query: Query): Reply {
  const { epoch, version, maxEntries, evictions, size } = presence;
  const nowMs = Math.round(presence.now().wallMs);
  const head = {
    epoch,
    version,
    now: nowMs,
    maxEntries,
    truncated: evictions > 0 && size >= maxEntries,
  };
  const isWhole = query.terms.length === 0;
  const instances = isWhole ? lists.views() : matching(lists, presence.list(), query, nowMs);
  return { ok: true, payload: [`${JSON.stringify(head).slice(0, -1)},"instances":`, ...instances, '}'] };
}

function matching(
  lists: MethodContext['lists'],
  views: Iterable<InstanceView>,
  query: Query,
  nowMs: number,
): MessageParts {
  const fragments: Uint8Array[] = [];
  for (const view of views) if (matchesFilter(view, query, nowMs)) fragments.push(lists.view(view));
  return ['[', joinFragments(fragments), ']'];
}
