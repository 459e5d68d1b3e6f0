import type { TSchema } from 'typebox';
import type {
  AnnotationChange,
  Annotations,
  InstanceView,
  PresenceReader,
  Result,
} from '../../core/index.ts';
import { invalidParams, type MethodRule, schemaCheck, type WireError } from '../../protocol/index.ts';
import type { JournalReader, MessageParts, NoticesService, RosterLists } from '../../sinks/index.ts';
import type { ClusterStatus } from '../../sources/cluster/index.ts';
import type { GatewayStatus } from '../../sources/upstreams/index.ts';
import type { Caller } from '../access/caller.ts';
import type { NewInstances } from '../access/new-instances.ts';
import type { PresenceWriter } from '../presence/presence.ts';
import type { SharedInstance } from '../presence/shared-instances.ts';

/** What operations work with. */
export interface OperationContext extends OperationServices {
  readonly presence: PresenceReader;
  readonly writer: PresenceWriter;
  /** How many new rows each credential may make (PT3). */
  readonly newInstances: NewInstances;
  readonly lists: RosterLists;
  /** Version of the program. */
  readonly version: string;
  /** Live sessions, by state. */
  readonly connections: () => { readonly connected: number; readonly awaitingConnect: number };
  /** Instances that have connections from several computers at this gateway. */
  readonly sharedInstances: () => readonly SharedInstance[];
  /** Closes this gateway's connections of an instance because an operator asked for it, and returns how many. */
  readonly disconnect: (key: string, evidence: string) => number;
  readonly uptimeMs: () => number;
  /** Settings in force, without secrets. */
  readonly effectiveSettings: Readonly<Record<string, unknown>>;
  /** The cluster and its gateways; `undefined` when there is none. */
  readonly clusterStatus: () => ClusterStatus | undefined;
}

/** Parts of a gateway that some have and some do not: an operation that needs one says so when it is missing. */
export interface OperationServices {
  /** This gateway, those of its cluster and its upstreams (PU13). */
  readonly gateways: () => readonly GatewayStatus[];
  /** Who came, who went, and why (PJ). */
  readonly journal: JournalReader;
  /** Changes what the operator says of a row; `undefined` when there is no room for another one (PO2). */
  readonly annotate: (view: InstanceView, change: AnnotationChange) => Annotations | undefined;
  /** Notices to operators (PN). */
  readonly notices: NoticesService;
}

/** An answer: JSON of the payload in parts, or a refusal. */
export type Reply =
  | { readonly ok: true; readonly payload: MessageParts }
  | {
      readonly ok: false;
      readonly error: WireError;
      /** Which item of a list is at fault. */
      readonly index?: number;
    };

/** An answer now, or later. */
export type ReplyNowOrLater = Reply | Promise<Reply>;

/** Where an operation is found over HTTP. */
export interface OperationRoute {
  /** `GET`, `POST`, `PUT`, `PATCH` or `DELETE`. */
  readonly method: string;
  /** Below the address of the gateway; `{key}` is the parameter `key`. The others come by query or, with a body, as JSON. */
  readonly path: string;
  /** `ETag` of the answer, weak; `undefined` for an answer that changes with time alone. */
  readonly etag?: (params: Readonly<Record<string, unknown>>, presence: PresenceReader) => string | undefined;
  /** The list of the answer is sent with an item a line to whoever accepts NDJSON, and these other members as headers. */
  readonly lines?: { readonly of: string; readonly headers: Readonly<Record<string, string>> };
}

/** One thing that clients can ask for: everything that surfaces, rights and documents derive from. */
export interface OperationDefinition<P> extends MethodRule {
  /** Name of the method, for example `presence.list`. */
  readonly name: string;
  /** What it does, in one sentence without a full stop. */
  readonly summary: string;
  /** Schema of the parameters; what does not fit is refused before `handle`. */
  readonly params: TSchema;
  /** Schema of the answer. */
  readonly result: TSchema;
  /** Parameters that fit, for documents and as the start of hostile tests. */
  readonly example?: object | undefined;
  /** Reads the parameters, where more is needed than the schema. */
  readonly parse?: (params: unknown) => Result<P, WireError>;
  readonly http?: OperationRoute | undefined;
  /** Answers one caller; that it may call was decided before. Throws for faults only. */
  readonly handle: (params: P, caller: Caller, context: OperationContext) => ReplyNowOrLater;
}

/** An operation whose parameters are its own matter. */
export interface Operation extends Omit<OperationDefinition<unknown>, 'parse' | 'handle'> {
  readonly call: (params: unknown, caller: Caller, context: OperationContext) => ReplyNowOrLater;
}

/** Defines an operation, with its parameters checked by the schema unless it reads them itself. */
export function defineOperation<P = Readonly<Record<string, never>>>(
  definition: OperationDefinition<P>,
): Operation {
  const { parse = bySchema<P>(definition), handle, ...rest } = definition;
  return {
    ...rest,
    call(params, caller, context) {
      const parsed = parse(params);
      return parsed.ok ? handle(parsed.value, caller, context) : refuse(parsed.error);
    },
  };
}

function bySchema<P>({
  name,
  params: schema,
}: OperationDefinition<P>): (params: unknown) => Result<P, WireError> {
  const check = schemaCheck(schema);
  return (params) => {
    const given = params ?? {};
    const problem = check(given);
    if (problem !== undefined) return { ok: false, error: invalidParams(name, problem) };
    return { ok: true, value: given as P };
  };
}

/** Answers with a value that is turned into JSON. */
export function answer(payload: unknown): Reply {
  return { ok: true, payload: [JSON.stringify(payload)] };
}

/** Answers with a refusal. */
export function refuse(error: WireError): Reply {
  return { ok: false, error };
}
