import {
  ErrorShapeSchema,
  EventFrameSchema,
  HelloOkSchema,
  NodeEventResultSchema,
  PresenceEntrySchema,
  ResponseFrameSchema,
  ShutdownEventSchema,
  TickEventSchema,
} from '@openclaw/gateway-protocol';
import { type TSchema, Type } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { OPERATIONS } from '../../src/gateway/index.ts';
import { PastListSchema } from '../../src/gateway/operations/past-list.ts';
import { PresenceDeltaSchema, PresenceListResultSchema } from '../../src/protocol/index.ts';
import { noticeTypes } from '../../src/sinks/index.ts';

/**
 * Throws unless a frame that a gateway sent is one that every client can read.
 *
 * The frame, `hello-ok`, entries, errors and events must pass the strict schemas of `@openclaw/gateway-protocol`;
 * `presence.delta` must pass our own. A response does not name its method, so its payload is recognized
 * by its shape; {@link assertAnswer} is given the method.
 */
export function assertFrame(text: string): void {
  const frame = parse(text);
  if (frame['type'] === 'event') assertEvent(frame);
  else if (frame['type'] === 'res') assertResponse(frame);
  else throw new Error(`a gateway sends events and responses, not type ${JSON.stringify(frame['type'])}`);
}

/** Throws unless the answer of a method fits the schema of its operation, and OpenClaw's own where there is one. */
export function assertAnswer(method: string, payload: unknown): void {
  const operation = OPERATIONS.find(({ name }) => name === method);
  if (operation !== undefined) must(`answer of ${method}`, operation.result, payload);
  const strict = strictAnswers[method];
  if (strict !== undefined) must(`answer of ${method}`, strict, payload);
}

type Fields = Readonly<Record<string, unknown>>;

const strictEvents: Readonly<Record<string, TSchema>> = {
  presence: Type.Object(
    { presence: Type.Array(PresenceEntrySchema as TSchema) },
    { additionalProperties: false },
  ),
  'presence.delta': PresenceDeltaSchema,
  notice: Type.Object(
    {
      type: Type.Enum([...noticeTypes]),
      timestamp: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
      data: Type.Object({
        noticeId: Type.String({ minLength: 1 }),
        rule: Type.String(),
        severity: Type.Enum(['info', 'warning', 'critical']),
        state: Type.Enum(['open', 'resolved']),
        subject: Type.Object({ key: Type.String({ minLength: 1 }) }),
        cause: Type.Unknown(),
        since: Type.String(),
        instance: Type.Unknown(),
      }),
    },
    { additionalProperties: false },
  ),
  tick: TickEventSchema as TSchema,
  shutdown: ShutdownEventSchema as TSchema,
  'connect.challenge': Type.Object(
    { nonce: Type.String({ minLength: 1 }), ts: Type.Integer({ minimum: 0 }) },
    { additionalProperties: false },
  ),
};

const entryList: TSchema = Type.Array(PresenceEntrySchema as TSchema);
const strictAnswers: Readonly<Record<string, TSchema>> = {
  connect: HelloOkSchema as TSchema,
  'system-presence': entryList,
  'node.event': NodeEventResultSchema as TSchema,
};
const validators = new Map<TSchema, Validator>();

function assertEvent(frame: Fields): void {
  must('event frame', EventFrameSchema as TSchema, frame);
  const event = String(frame['event']);
  const schema = Object.hasOwn(strictEvents, event) ? strictEvents[event] : undefined;
  if (schema === undefined) throw new Error(`event ${event} is not one that the gateway may send`);
  must(`payload of ${event}`, schema, frame['payload']);
  assertNumbering(event, frame);
}

/** The challenge is not numbered, everything after it is; presence carries its version (PW7). */
function assertNumbering(event: string, frame: Fields): void {
  const isNumbered = frame['seq'] !== undefined;
  if (isNumbered === (event === 'connect.challenge')) {
    throw new Error(`event ${event} ${isNumbered ? 'must not' : 'must'} carry seq`);
  }
  if (frame['seq'] === 0) throw new Error(`event ${event}: seq counts from 1`);
  if (event === 'presence' && frame['stateVersion'] === undefined) {
    throw new Error('event presence must carry stateVersion');
  }
}

function assertResponse(frame: Fields): void {
  must('response frame', ResponseFrameSchema as TSchema, frame);
  if (frame['ok'] === true) assertPayload(frame['payload']);
  else must('error of a response', ErrorShapeSchema as TSchema, frame['error']);
}

function assertPayload(payload: unknown): void {
  if (Array.isArray(payload)) must('list of entries', entryList, payload);
  if (!isFields(payload)) return;
  if (payload['type'] === 'hello-ok') must('hello-ok', HelloOkSchema as TSchema, payload);
  const isPast = 'at' in payload || 'departedSinceMs' in payload;
  if ('instances' in payload)
    must('presence.list', isPast ? PastListSchema : PresenceListResultSchema, payload);
  if ('handled' in payload) must('answer of node.event', NodeEventResultSchema as TSchema, payload);
}

function must(what: string, schema: TSchema, value: unknown): void {
  const validator = validatorOf(schema);
  if (validator.Check(value)) return;
  const error = validator.Errors(value)[0];
  const where = error?.instancePath || '/';
  throw new Error(`${what}: at ${where}: ${error?.message ?? 'not valid'} ${JSON.stringify(error?.params)}`);
}

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validator = Compile(schema);
  validators.set(schema, validator);
  return validator;
}

function parse(text: string): Fields {
  const frame: unknown = JSON.parse(text);
  if (!isFields(frame)) throw new Error('a frame is a JSON object');
  return frame;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
