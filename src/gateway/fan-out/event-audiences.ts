import { eventFrameHead, eventFrameMiddle } from '../../protocol/index.ts';
import type { RosterLists } from '../presence/roster-lists.ts';
import type { MessageParts } from '../transport.ts';
import { type Audience, deltaJson, stateJson } from './audience.ts';

/** The two audiences of WebSocket clients. */
export interface EventAudiences {
  /** OpenClaw's own clients: a `presence` event with the whole list after every pass (PW7). */
  readonly list: Audience;
  /** Clients with the capability `presence-delta` (PE2). */
  readonly delta: Audience;
}

/** Makes the audiences of events; what they get ends before the sequence number. */
export function eventAudiences(options: { lists: RosterLists; epoch: string }): EventAudiences {
  const { lists, epoch } = options;
  const list: Audience = {
    ofPass: ({ to, now }) => list.ofState(to, now),
    ofState: (version, now) => event('presence', ['{"presence":', ...lists.entries(now), '}'], version),
  };
  const delta: Audience = {
    ofPass: (pass) => event('presence.delta', deltaJson(pass, epoch, lists), pass.to),
    ofState: (version, now) => event('presence.delta', stateJson(version, now, epoch, lists), version),
  };
  return { list, delta };
}

/** The bytes of an event up to the sequence number, encoded once for all viewers. */
function event(name: string, payload: MessageParts, version: number): MessageParts {
  const parts = [eventFrameHead(name), ...payload, eventFrameMiddle({ presence: version, health: 0 })];
  return [Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))];
}
