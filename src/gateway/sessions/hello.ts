import type { PresenceReader } from '../../core/index.ts';
import { grantsRead, type HelloPolicy, helloOkHead, helloOkTail } from '../../protocol/index.ts';
import { joinFragments, type MessageParts, type RosterLists } from '../../sinks/index.ts';
import type { PresenceWriter } from '../presence/presence.ts';
import type { Admission } from './handshake.ts';

/** What hello says of the gateway. */
export interface HelloContext {
  readonly presence: PresenceReader;
  readonly writer: Pick<PresenceWriter, 'keyOf'>;
  readonly lists: RosterLists;
  readonly version: string;
  readonly uptimeMs: () => number;
  readonly policy: HelloPolicy;
  /** JSON of the features of this gateway. */
  readonly featuresJson: string;
}

/** JSON of `hello-ok` for a client that was just admitted (PW5). */
export function helloParts(admission: Admission, connectionId: string, context: HelloContext): MessageParts {
  const { presence, version, policy, featuresJson } = context;
  const { protocol, role, scopes } = admission;
  const hello = {
    protocol,
    serverVersion: version,
    connectionId,
    bootId: presence.epoch,
    stateVersion: { presence: presence.version, health: 0 },
    uptimeMs: context.uptimeMs(),
    role,
    scopes,
    policy,
    featuresJson,
  };
  return [helloOkHead(hello), ...snapshot(admission, connectionId, context), helloOkTail(hello)];
}

/**
 * What the snapshot holds: everything for readers of lists, nothing for a client that may not read (PA4), and for
 * readers of deltas the gateway's row and their own, since all rows follow at once in the first delta (PE2).
 */
function snapshot(admission: Admission, connectionId: string, context: HelloContext): MessageParts {
  if (!grantsRead(admission.scopes)) return ['[]'];
  return admission.wantsDeltas ? ownRows(connectionId, context) : context.lists.entries();
}

function ownRows(connectionId: string, { presence, writer, lists }: HelloContext): MessageParts {
  const [self] = presence.list();
  const own = presence.get(writer.keyOf(connectionId) ?? '');
  const rows = [self, own].filter((view) => view !== undefined).map((view) => lists.entry(view));
  return ['[', joinFragments([...new Set(rows)]), ']'];
}
