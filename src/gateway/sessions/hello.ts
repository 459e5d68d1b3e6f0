import type { Instant } from '../../core/index.ts';
import { grantsRead, type HelloPolicy, helloOkHead, helloOkTail } from '../../protocol/index.ts';
import { joinPieces } from '../presence/piece-cache.ts';
import type { Presence } from '../presence/presence.ts';
import type { RosterLists } from '../presence/roster-lists.ts';
import type { MessageParts } from '../transport.ts';
import type { Admission } from './handshake.ts';

/** What hello says of the gateway. */
export interface HelloContext {
  readonly presence: Presence;
  readonly lists: RosterLists;
  readonly version: string;
  readonly uptimeMs: () => number;
  readonly policy: HelloPolicy;
}

/** JSON of `hello-ok` for a client that was just admitted (PW5). */
export function helloParts(admission: Admission, connectionId: string, context: HelloContext): MessageParts {
  const { presence, version, policy } = context;
  const { protocol, role, scopes } = admission;
  const hello = {
    protocol,
    serverVersion: version,
    connectionId,
    bootId: presence.epoch,
    stateVersion: { presence: presence.roster.version, health: 0 },
    uptimeMs: context.uptimeMs(),
    role,
    scopes,
    policy,
  };
  return [helloOkHead(hello), ...snapshot(admission, connectionId, context), helloOkTail(hello)];
}

/**
 * What the snapshot holds: everything for readers of lists, nothing for a client that may not read (PA4), and for
 * readers of deltas the gateway's row and their own, since all rows follow at once in the first delta (PE2).
 */
function snapshot(admission: Admission, connectionId: string, context: HelloContext): MessageParts {
  const now = context.presence.now();
  if (!grantsRead(admission.scopes)) return ['[]'];
  return admission.wantsDeltas ? ownRows(connectionId, context, now) : context.lists.entries(now);
}

function ownRows(connectionId: string, { presence, lists }: HelloContext, now: Instant): MessageParts {
  const { roster } = presence;
  const [self] = roster.views(now);
  const own = roster.view(roster.keyOf(connectionId) ?? '', now);
  const rows = [self, own].filter((view) => view !== undefined).map((view) => lists.entry(view));
  return ['[', joinPieces([...new Set(rows)]), ']'];
}
