import { newDevice } from './device.ts';
import {
  type Dialect,
  type ListedRow,
  numberAfter,
  type Part,
  type Reading,
  type RowsContent,
} from './dialect.ts';
import type { ClientFacts } from './facts.ts';
import type { Message } from './message.ts';

const HEAD_CHARACTERS = 160;
const TAIL_CHARACTERS = 900;
const RESPONSE = '{"type":"res","id":"';
const EVENT = '{"type":"event","event":"';
const SEQ_REACH_BYTES = 160;
const NONCE_REACH_CHARACTERS = 512;
const ROLE = 'operator';

/** The protocol of OpenClaw gateways (docs/SPEC.md PW) with the deltas of Rollcall (docs/protocol.md). */
export const gatewayDialect: Dialect = dialect({ signs: false });

/** The same for a gateway that grants no scopes to a desktop app without a device signature. */
export const signedGatewayDialect: Dialect = dialect({ signs: true });

function dialect({ signs }: { readonly signs: boolean }): Dialect {
  return {
    path: '/',
    opening: () => undefined,
    beacon: (id, facts) => request(`b${id}`, 'system-event', facts),
    list: (id, watch) => request(`l${id}`, watch === 'delta' ? 'presence.list' : 'system-presence', {}),
    read: (message, part) => read(message, part, signs),
    rows,
    keyOf: (row) => String(row['key'] ?? row['instanceId'] ?? row['host']).toLowerCase(),
    sharedPart,
  };
}

function request(id: string, method: string, params: unknown): string {
  return JSON.stringify({ type: 'req', id, method, params });
}

function connect({ facts, listed, watch, token }: Part, nonce: string | undefined): string {
  const client = clientOf(facts, listed);
  const scopes = watch === 'none' ? [] : ['operator.read', 'operator.admin'];
  const { id: clientId, mode: clientMode } = client;
  const { platform, deviceFamily } = facts;
  const signed = { clientId, clientMode, role: ROLE, scopes, token, platform, deviceFamily };
  return request('c0', 'connect', {
    minProtocol: 4,
    maxProtocol: 4,
    client,
    role: ROLE,
    scopes,
    caps: watch === 'delta' ? ['presence-delta'] : [],
    auth: { token },
    ...(nonce !== undefined && { device: newDevice({ ...signed, nonce }) }),
  });
}

/** The id is one that OpenClaw accepts; mode `cli` is never listed (PR4). */
function clientOf(facts: ClientFacts, listed: boolean): { readonly id: string; readonly mode: string } {
  const { host, ...rest } = facts;
  const { mode } = listed ? facts : { mode: 'cli' };
  return { ...rest, ...{ displayName: host }, id: listed ? 'gateway-client' : 'cli', mode };
}

/** For a server that grants scopes only to signed devices, every client that is listed and watches signs. */
function answerToChallenge(message: Message, part: Part, signs: boolean): string {
  if (!signs || !part.listed || part.watch === 'none') return connect(part, undefined);
  const nonce = /"nonce":"([^"]+)"/.exec(message.head.toString('latin1', 0, NONCE_REACH_CHARACTERS));
  return connect(part, nonce?.[1]);
}

function read(message: Message, part: Part, signs: boolean): Reading {
  const head = message.head.toString('latin1', 0, HEAD_CHARACTERS);
  if (head.startsWith(RESPONSE)) return response(head, message, part);
  if (!head.startsWith(EVENT)) return { kind: 'other' };
  if (head.startsWith('presence.delta"', EVENT.length)) {
    return { kind: 'delta', from: numberAfter(head, '"from":'), to: numberAfter(head, '"to":') };
  }
  if (head.startsWith('presence"', EVENT.length)) return { kind: 'full', version: presenceVersion(message) };
  if (head.startsWith('connect.challenge"', EVENT.length))
    return { kind: 'prompt', answer: answerToChallenge(message, part, signs) };
  return { kind: 'other' };
}

function response(head: string, message: Message, part: Part): Reading {
  const id = Number.parseInt(head.slice(RESPONSE.length + 1), 10);
  if (!head.includes('"ok":true')) return { kind: 'refusal', why: head };
  const kind = head[RESPONSE.length];
  if (kind === 'b') return { kind: 'ack', id };
  if (kind === 'l') return { kind: 'answer', id };
  return { kind: 'hello', version: presenceVersion(message), hasRows: part.watch === 'full' };
}

/** `stateVersion.presence` follows the rows, in events and in the hello. */
function presenceVersion({ tail }: Message): number {
  const text = tail.toString('latin1', Math.max(0, tail.length - TAIL_CHARACTERS));
  const at = text.lastIndexOf('"stateVersion"');
  return at < 0 ? Number.NaN : numberAfter(text.slice(at), '"presence":');
}

interface Frame {
  readonly payload: {
    readonly snapshot?: { readonly presence: readonly ListedRow[] };
    readonly presence?: readonly ListedRow[];
    readonly instances?: readonly ListedRow[];
    readonly upsert?: readonly ListedRow[];
    readonly remove?: readonly string[];
  };
}

function rows(whole: string): RowsContent {
  const { payload } = JSON.parse(whole) as Frame;
  if (Array.isArray(payload)) return { upsert: payload as ListedRow[], remove: [] };
  const upsert = payload.snapshot?.presence ?? payload.presence ?? payload.instances ?? payload.upsert ?? [];
  return { upsert, remove: payload.remove ?? [] };
}

function sharedPart(whole: Buffer): Buffer {
  const at = whole.lastIndexOf('"seq":');
  return at >= whole.length - SEQ_REACH_BYTES ? whole.subarray(0, at) : whole;
}
