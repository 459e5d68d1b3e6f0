import { type TSchema, Type } from 'typebox';
import {
  type FactNameFrom,
  type Facts,
  factNamesFrom,
  fields,
  normalizeIp,
  ok,
  parseNodeText,
  type Result,
  visibleText,
} from '../core/index.ts';
import { factParams } from './fact-schema.ts';
import { LIMITS } from './limits.ts';
import { invalidParams, refusal, type WireError } from './refusal.ts';
import { optional, schemaCheck } from './schema-check.ts';
import type { Problem } from './word.ts';
import { listsProblem, trimmed, trimmedList, wordProblem, wordSchema, wordsProblem } from './word.ts';

/** The facts of a `system-event` about an instance, in normal form. */
export interface Beacon {
  /** Explicit params over those of a `Node:` line (PR6). */
  readonly facts: Facts;
  /** True to clear the seconds since the last input; `facts` has none then. */
  readonly clearLastInput: boolean;
}

/** Tag that clears the seconds since the last input; it is a command, not a fact, and is not stored. */
const clearTag = 'system-presence-clear-last-input';

const ignored = optional(Type.Unknown({ description: 'accepted and ignored' }));

const beaconSchema = Type.Object({
  ...factParams('beacon'),
  text: Type.String({ description: 'one-line summary; not blank', maxLength: LIMITS.maxTextLength }),
  tags: optional(
    Type.Array(wordSchema('Item.'), {
      description: `free tags; \`${clearTag}\` forgets lastInputSeconds and is not kept`,
      maxItems: LIMITS.maxListItems,
    }),
  ),
  idempotencyKey: ignored,
  sessionKey: ignored,
  wake: ignored,
});

type BeaconFact = FactNameFrom<'beacon'>;
type BeaconParams = Pick<Facts, BeaconFact> & { readonly text: string };

/** Schema of the params of `system-event`. Open: unknown fields are ignored. */
export const BeaconSchema: TSchema = beaconSchema;

/** All strings but the text, which has its own bound. */
const strings = factNamesFrom('beacon', 'string').filter((name) => fields[name].format !== 'line');
const plainStrings = strings.filter((name) => fields[name].format === undefined);
const lists = factNamesFrom('beacon', 'strings');
/** Those of the text too; the seconds since the last input are subject to the commands that clear them. */
const integers = factNamesFrom('beacon', 'integer').filter((name) => name !== 'lastInputSeconds');

const checkBeacon = schemaCheck(beaconSchema);

/** Reads the params of `system-event` (PR6, PF2, PL4). A refusal names the field; nothing is stored then. */
export function parseBeacon(params: unknown): Result<Beacon, WireError> {
  if (hasNoText(params)) return { ok: false, error: refusal('textRequired') };
  const problem = checkBeacon(params) ?? contentProblem(params as BeaconParams);
  if (problem !== undefined) return refused(problem);
  return mergedBeacon(params as BeaconParams);
}

function hasNoText(params: unknown): boolean {
  if (params === undefined || params === null) return true;
  if (typeof params !== 'object' || Array.isArray(params)) return false;
  const text = (params as Readonly<Record<string, unknown>>)['text'];
  return text === undefined || (typeof text === 'string' && trimmed(text) === undefined);
}

function contentProblem(params: BeaconParams): Problem | undefined {
  const what = wordProblem(params.text, LIMITS.maxTextLength);
  if (what !== undefined) return { path: '/text', what };
  return wordsProblem(params, strings) ?? listsProblem(params, lists);
}

function mergedBeacon(params: BeaconParams): Result<Beacon, WireError> {
  // Loopback, unspecified and what is no address (`ip-unknown`) are no facts: they are left out (PI1).
  const ip = params.ip === undefined ? undefined : normalizeIp(params.ip);
  const text = visibleText(params.text);
  const parsed = parseNodeText(text);
  const problem = parsed && wordsProblem(parsed.facts, strings, '/text');
  if (problem !== undefined) return refused(problem);
  const isUnknown = parsed?.clearLastInput === true && params.lastInputSeconds === undefined;
  const clearLastInput = isUnknown || hasClearTag(params.tags);
  const facts: MutableFacts = { text };
  if (parsed !== undefined) addParsed(parsed.facts, facts);
  addExplicit(params, facts);
  if (ip !== undefined) facts.ip = ip;
  const seconds = params.lastInputSeconds ?? parsed?.facts.lastInputSeconds;
  if (seconds !== undefined && !clearLastInput) facts.lastInputSeconds = seconds;
  return ok({ facts, clearLastInput });
}

type MutableFacts = { -readonly [K in keyof Facts]: Facts[K] };

// Facts are built field by field: spreading or deleting costs ten times as much as everything else here.
function addParsed(parsed: Facts, facts: MutableFacts): void {
  for (const name of strings) {
    const word = parsed[name];
    if (word !== undefined) facts[name] = word;
  }
}

function addExplicit(params: BeaconParams, facts: MutableFacts): void {
  for (const name of plainStrings) {
    const word = trimmed(params[name]);
    if (word !== undefined) facts[name] = word;
  }
  const deviceId = trimmed(params.deviceId)?.toLowerCase();
  if (deviceId !== undefined) facts.deviceId = deviceId;
  for (const name of integers) {
    const value = params[name];
    if (value !== undefined) facts[name] = value;
  }
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

function refused(problem: Problem): Result<Beacon, WireError> {
  return { ok: false, error: invalidParams('system-event', problem) };
}
