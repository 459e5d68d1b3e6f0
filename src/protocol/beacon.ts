import { type TSchema, Type } from 'typebox';
import { type Facts, isAddress, normalizeIp, parseNodeText } from '../core/index.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import { invalidParams, refusal, type WireError } from './refusal.ts';
import { schemaCheck } from './schema-check.ts';
import { listsProblem, trimmed, trimmedList, wordProblem, wordSchema, wordsProblem } from './word.ts';

/** What a `system-event` says about an instance, in normal form. */
export interface Beacon {
  /** Explicit params over what a `Node:` line says (PR6). */
  readonly facts: Facts;
  /** Forget the seconds since the last input; `facts` has none then. */
  readonly clearLastInput: boolean;
}

export type ParsedBeacon =
  | { readonly ok: true; readonly beacon: Beacon }
  | { readonly ok: false; readonly error: WireError };

/** Tag that asks to forget the seconds since the last input; it is an order, not a fact, and is not kept. */
const clearTag = 'system-presence-clear-last-input';

const optionalWord = (description: string) => Type.Optional(wordSchema(description));
const optionalList = (description: string) =>
  Type.Optional(Type.Array(wordSchema('Item.'), { description, maxItems: LIMITS.maxListItems }));
const ignored = (description: string) => Type.Optional(Type.Unknown({ description }));

const beaconSchema = Type.Object({
  text: Type.String({ description: 'One-line summary; not blank.', maxLength: LIMITS.maxTextLength }),
  instanceId: optionalWord('Stable across restarts of the instance.'),
  deviceId: optionalWord('Hex SHA-256 of the device key.'),
  host: optionalWord('Name for people.'),
  ip: optionalWord('IPv4 or IPv6 address; loopback is ignored.'),
  version: optionalWord('Version of the program.'),
  platform: optionalWord('Operating system and release.'),
  deviceFamily: optionalWord('For example `Mac` or `Linux`.'),
  modelIdentifier: optionalWord('For example `MacBookPro18,3`.'),
  timeZone: optionalWord('IANA name.'),
  mode: optionalWord('`ui webchat cli backend node probe test` or any other word.'),
  reason: optionalWord('Why this beacon is sent, for example `launch` or `periodic`.'),
  lastInputSeconds: Type.Optional(
    Type.Integer({
      description: 'Whole seconds since the last input of the person.',
      minimum: 0,
      maximum: LIMITS.maxLastInputSeconds,
    }),
  ),
  roles: optionalList('Roles of the instance.'),
  scopes: optionalList('Scopes of the instance.'),
  tags: optionalList(`Free tags; \`${clearTag}\` forgets lastInputSeconds and is not kept.`),
  idempotencyKey: ignored('Accepted and ignored.'),
  sessionKey: ignored('Accepted and ignored.'),
  wake: ignored('Accepted and ignored.'),
});

type BeaconParams = Type.Static<typeof beaconSchema>;

/** Schema of the params of `system-event`. Open: unknown fields are ignored. */
export const BeaconSchema: TSchema = beaconSchema;

const plainWords = [
  'instanceId',
  'host',
  'version',
  'platform',
  'deviceFamily',
  'modelIdentifier',
  'timeZone',
  'mode',
  'reason',
] as const;
/** All words, with those that have a form of their own. */
const words = [...plainWords, 'ip', 'deviceId'] as const;
const lists = ['roles', 'scopes', 'tags'] as const;

const checkBeacon = schemaCheck(beaconSchema);

/** Reads the params of `system-event` (PR6, PF2, PL4). A refusal names the field; nothing is stored then. */
export function parseBeacon(params: unknown): ParsedBeacon {
  if (hasNoText(params)) return { ok: false, error: refusal('textRequired') };
  const problem = checkBeacon(params) ?? contentProblem(params as BeaconParams);
  if (problem !== undefined) return refused(problem);
  return mergedBeacon(params as BeaconParams);
}

function hasNoText(params: unknown): boolean {
  if (params === undefined || params === null) return true;
  if (typeof params !== 'object' || Array.isArray(params)) return false;
  const text = (params as Readonly<Record<string, unknown>>)['text'];
  return text === undefined || (typeof text === 'string' && text.trim() === '');
}

function contentProblem(params: BeaconParams): Problem | undefined {
  const what = wordProblem(params.text, LIMITS.maxTextLength);
  if (what !== undefined) return { path: '/text', what };
  return wordsProblem(params, words) ?? listsProblem(params, lists);
}

function mergedBeacon(params: BeaconParams): ParsedBeacon {
  const ip = params.ip === undefined ? undefined : normalizeIp(params.ip);
  if (ip === undefined && isNoAddress(params.ip)) return refused(badAddress);
  const parsed = parseNodeText(params.text.trim());
  const problem = parsed && wordsProblem(parsed.facts, words, '/text');
  if (problem !== undefined) return refused(problem);
  const isUnknown = parsed?.clearLastInput === true && params.lastInputSeconds === undefined;
  const clearLastInput = isUnknown || hasClearTag(params.tags);
  const facts: MutableFacts = { text: params.text.trim() };
  if (parsed !== undefined) addParsed(parsed.facts, facts);
  addExplicit(params, facts);
  if (ip !== undefined) facts.ip = ip;
  const seconds = params.lastInputSeconds ?? parsed?.facts.lastInputSeconds;
  if (seconds !== undefined && !clearLastInput) facts.lastInputSeconds = seconds;
  return { ok: true, beacon: { facts, clearLastInput } };
}

const badAddress: Problem = { path: '/ip', what: 'must be an IPv4 or IPv6 address' };

/** Loopback and unspecified addresses are left out without a word (PI1); only what is no address is refused. */
function isNoAddress(ip: string | undefined): boolean {
  const text = trimmed(ip);
  return text !== undefined && !isAddress(text);
}

type MutableFacts = { -readonly [K in keyof Facts]: Facts[K] };

// Facts are built field by field: spreading or deleting costs ten times as much as everything else here.
function addParsed(parsed: Facts, facts: MutableFacts): void {
  for (const name of words) {
    const word = parsed[name];
    if (word !== undefined) facts[name] = word;
  }
}

function addExplicit(params: BeaconParams, facts: MutableFacts): void {
  for (const name of plainWords) {
    const word = trimmed(params[name]);
    if (word !== undefined) facts[name] = word;
  }
  const deviceId = trimmed(params.deviceId)?.toLowerCase();
  if (deviceId !== undefined) facts.deviceId = deviceId;
  addLists(params, facts);
}

function addLists(params: BeaconParams, facts: MutableFacts): void {
  for (const name of lists) {
    if (params[name] === undefined) continue;
    const items = trimmedList(params[name])?.filter((item) => item !== clearTag);
    if (items !== undefined && items.length > 0) facts[name] = items;
  }
}

function hasClearTag(tags: readonly string[] | undefined): boolean {
  return tags?.some((tag) => tag.trim() === clearTag) ?? false;
}

function refused(problem: Problem): ParsedBeacon {
  return { ok: false, error: invalidParams('system-event', problem) };
}
