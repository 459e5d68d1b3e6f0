import { type TSchema, Type } from 'typebox';
import { err, ok, type Result } from '../core/index.ts';
import {
  allOf,
  englishWords,
  matches,
  parseQuery,
  presenceStates,
  type QueriedRow,
  type Query,
  queryOfChoices,
} from '../viewer/index.ts';
import { LIMITS } from './limits.ts';
import { invalidParams, type WireError } from './refusal.ts';
import { optional, schemaCheck } from './schema-check.ts';
import { listsProblem, trimmed, trimmedList, wordSchema, wordsProblem } from './word.ts';

const statusSchema = Type.Enum(['active', 'idle', 'stale'], { description: 'Status by the age of the row.' });
const stateSchema = Type.Enum([...presenceStates], { description: 'State of the row.' });
const oneOrMore = (item: TSchema, description: string) =>
  optional(Type.Union([item, Type.Array(item, { maxItems: LIMITS.maxListItems })], { description }));

const choices = {
  mode: oneOrMore(wordSchema('Mode.'), 'One mode or a list.'),
  state: oneOrMore(stateSchema, `One state or a list: ${presenceStates.join(', ')}.`),
  status: oneOrMore(statusSchema, 'One status or a list: active, idle, stale.'),
  role: oneOrMore(wordSchema('Role.'), 'One role or a list.'),
  gateway: oneOrMore(wordSchema('Gateway.'), 'Name of a gateway or a list.'),
};

const filterSchema = Type.Object(
  {
    ...choices,
    q: optional(wordSchema('Query: words, "a phrase", field:value,value, -negation. See docs/query.md.')),
  },
  { additionalProperties: false },
);

/** Schema of the params of `presence.list` and of the HTTP query. Closed: a filter that is misspelt is refused. */
export const PresenceFilterSchema: TSchema = filterSchema;

/** The names of the filters, which are those of the HTTP query. */
export const presenceFilterNames: readonly string[] = [...Object.keys(choices), 'q'];

const checkFilter = schemaCheck(filterSchema);

/**
 * Reads the params of `presence.list`: absent, null, or an object of filters (PQ1). Within a filter one of the values must fit,
 * all filters must fit, letter case does not matter.
 */
export function parsePresenceFilter(params: unknown): Result<Query, WireError> {
  const source = (params ?? {}) as Readonly<Record<string, unknown>>;
  const problem =
    checkFilter(source) ??
    wordsProblem(source, presenceFilterNames) ??
    listsProblem(source, presenceFilterNames);
  if (problem !== undefined) return err(invalidParams('presence.list', problem));
  const query = parseQuery(trimmed(source['q']) ?? '');
  if (!query.ok) {
    const { message, at } = query.error;
    return err(invalidParams('presence.list', { path: '/q', what: `at ${at + 1}: ${message}` }));
  }
  return ok(allOf(queryOfChoices(chosenValues(source)), query.value));
}

/** True when an instance fits; `nowMs` is the gateway's clock (PS2). */
export function matchesFilter(view: QueriedRow, filter: Query, nowMs: number): boolean {
  return matches(filter, view, { nowMs, words: englishWords });
}

function chosenValues(
  source: Readonly<Record<string, unknown>>,
): Readonly<Record<string, readonly string[]>> {
  const chosen = Object.keys(choices).flatMap((name) => {
    const values = trimmedList(Array.isArray(source[name]) ? source[name] : [source[name]]);
    return values === undefined ? [] : [[name, values] as const];
  });
  return Object.fromEntries(chosen);
}
