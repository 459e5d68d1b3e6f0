import type { InstanceView } from '../../core/index.ts';
import {
  matchesFilter,
  type PresenceFilter,
  parseActivity,
  parseBeacon,
  parsePresenceFilter,
} from '../../protocol/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from '../access/caller.ts';
import { joinPieces } from '../presence/piece-cache.ts';
import type { MessageParts } from '../transport.ts';
import { answer, type Handlers, type MethodContext, type Reply, refuse } from './method-context.ts';
import { storeOwnReport } from './own-report.ts';

type Name = 'system-presence' | 'presence.list' | 'system-event' | 'presence.activity';

const done = answer({ ok: true });

/** Methods about rows: reading them, and beacons (PW6, PW9, PR6, PR9). */
export function presenceMethods(context: MethodContext): Handlers<Name> {
  const { presence, lists } = context;
  return {
    'system-presence': () => ({ ok: true, payload: lists.entries(presence.now()) }),
    'presence.list': (params) => {
      const parsed = parsePresenceFilter(params);
      return parsed.ok ? listReply(context, parsed.filter) : parsed;
    },
    'system-event': (params, caller) => beaconReply(context, params, caller),
    'presence.activity': (params, caller) => {
      const parsed = parseActivity(params);
      if (!parsed.ok) return parsed;
      const error = storeOwnReport(presence, caller, { source: 'activity', ...parsed.report });
      return error === undefined ? done : refuse(error);
    },
  };
}

function beaconReply({ presence }: MethodContext, params: unknown, caller: Caller): Reply {
  const parsed = parseBeacon(params);
  if (!parsed.ok) return parsed;
  const { connectionId } = caller;
  const update = connectionId === undefined ? parsed.beacon : { ...parsed.beacon, connectionId };
  const error = beaconRefusal(update, caller, presence.roster);
  if (error !== undefined) return refuse(error);
  const outcome = presence.beacon(update);
  return 'refusal' in outcome ? refuse(rosterRefusal(outcome.refusal)) : done;
}

function listReply({ presence, lists }: MethodContext, filter: PresenceFilter): Reply {
  const now = presence.now();
  const { roster, epoch } = presence;
  const nowMs = Math.round(now.wallMs);
  const head = {
    epoch,
    version: roster.version,
    now: nowMs,
    maxEntries: roster.maxEntries,
    truncated: roster.evictions > 0 && roster.size >= roster.maxEntries,
  };
  const isWhole = Object.keys(filter).length === 0;
  const instances = isWhole ? lists.views(now) : matching(lists, roster.views(now), filter, nowMs);
  return { ok: true, payload: [`${JSON.stringify(head).slice(0, -1)},"instances":`, ...instances, '}'] };
}

function matching(
  lists: MethodContext['lists'],
  views: Iterable<InstanceView>,
  filter: PresenceFilter,
  nowMs: number,
): MessageParts {
  const pieces: Uint8Array[] = [];
  for (const view of views) if (matchesFilter(view, filter, nowMs)) pieces.push(lists.view(view));
  return ['[', joinPieces(pieces), ']'];
}
