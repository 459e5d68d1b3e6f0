import type { PresenceReader } from '../../core/index.ts';
import type { MethodName, WireError } from '../../protocol/index.ts';
import type { MessageParts, RosterLists } from '../../sinks/index.ts';
import type { ClusterStatus } from '../../sources/cluster/index.ts';
import type { Caller } from '../access/caller.ts';
import type { PresenceWriter } from '../presence/presence.ts';

/** What methods work with. */
export interface MethodContext {
  readonly presence: PresenceReader;
  readonly writer: PresenceWriter;
  readonly lists: RosterLists;
  /** Version of the program. */
  readonly version: string;
  /** Live sessions, by state. */
  readonly connections: () => { readonly connected: number; readonly awaitingConnect: number };
  readonly uptimeMs: () => number;
  /** Settings in force, without secrets. */
  readonly effectiveSettings: Readonly<Record<string, unknown>>;
  /** The cluster and its gateways; `undefined` when there is none. */
  readonly clusterStatus: () => ClusterStatus | undefined;
}

/** An answer: JSON of the payload in fragments, or a refusal. */
export type Reply =
  | { readonly ok: true; readonly payload: MessageParts }
  | { readonly ok: false; readonly error: WireError };

/** Answers one method; who may call it was decided before. */
export type Handler = (params: unknown, caller: Caller) => Reply;

/** Handlers by name; the compiler checks that none is missing. */
export type Handlers<Name extends MethodName = MethodName> = Readonly<Record<Name, Handler>>;

/** Answers with a value that is turned into JSON. */
export function answer(payload: unknown): Reply {
  return { ok: true, payload: [JSON.stringify(payload)] };
}

/** Answers with a refusal. */
export function refuse(error: WireError): Reply {
  return { ok: false, error };
}
