import { type TSchema, Type } from 'typebox';
import { ageMs, type InstanceView, type Status, statusOf } from '../core/index.ts';
import { LIMITS } from './limits.ts';
import { invalidParams, type WireError } from './refusal.ts';
import { schemaCheck } from './schema-check.ts';
import { listsProblem, trimmed, trimmedList, wordSchema, wordsProblem } from './word.ts';

/**
 * Which instances a reader wants to see; an absent part lets everything through.
 *
 * Within a part one of the values must fit, all parts must fit. Words are lower-cased: filters ignore case.
 */
export interface PresenceFilter {
  readonly modes?: readonly string[];
  readonly statuses?: readonly Status[];
  readonly roles?: readonly string[];
  /** Text that some field contains. */
  readonly q?: string;
}

export type ParsedPresenceFilter =
  | { readonly ok: true; readonly filter: PresenceFilter }
  | { readonly ok: false; readonly error: WireError };

const statusSchema = Type.Enum(['active', 'idle', 'stale'], { description: 'Status by the age of the row.' });
const oneOrMore = (item: TSchema, description: string) =>
  Type.Optional(Type.Union([item, Type.Array(item, { maxItems: LIMITS.maxListItems })], { description }));

const filterSchema = Type.Object(
  {
    mode: oneOrMore(wordSchema('Mode.'), 'One mode or a list.'),
    status: oneOrMore(statusSchema, 'One status or a list: active, idle, stale.'),
    role: oneOrMore(wordSchema('Role.'), 'One role or a list.'),
    q: Type.Optional(wordSchema('Text that some field contains, in any case.')),
  },
  { additionalProperties: false },
);

/** Schema of the params of `presence.list` and of the HTTP query. Closed: a filter that is misspelt is refused. */
export const PresenceFilterSchema: TSchema = filterSchema;

const names = ['mode', 'status', 'role', 'q'];
const checkFilter = schemaCheck(filterSchema);

/** Reads the params of `presence.list`: absent, null, or an object of filters. */
export function parsePresenceFilter(params: unknown): ParsedPresenceFilter {
  const source = (params ?? {}) as Readonly<Record<string, unknown>>;
  const problem = checkFilter(source) ?? wordsProblem(source, names) ?? listsProblem(source, names);
  if (problem !== undefined) return { ok: false, error: invalidParams('presence.list', problem) };
  return { ok: true, filter: filterOf(source) };
}

/** True when an instance passes the filter; `nowMs` is the gateway's clock (PS2). */
export function matchesFilter(view: InstanceView, filter: PresenceFilter, nowMs: number): boolean {
  const { modes, statuses, roles, q } = filter;
  return (
    (modes === undefined || (view.mode !== undefined && modes.includes(view.mode.toLowerCase()))) &&
    (statuses === undefined || statuses.includes(statusOf(ageMs(view, nowMs)))) &&
    (roles === undefined || (view.roles?.some((role) => roles.includes(role.toLowerCase())) ?? false)) &&
    (q === undefined || contains(view, q))
  );
}

const searched = ['host', 'ip', 'version', 'platform', 'modelIdentifier', 'mode', 'instanceId'] as const;

function contains(view: InstanceView, q: string): boolean {
  const fits = (text: string | undefined) => text?.toLowerCase().includes(q) ?? false;
  return (
    searched.some((name) => fits(view[name])) ||
    fits(view.deviceId) ||
    fits(view.text) ||
    (view.tags?.some(fits) ?? false)
  );
}

function filterOf(source: Readonly<Record<string, unknown>>): PresenceFilter {
  const modes = lowerWords(source['mode']);
  const statuses = lowerWords(source['status']) as readonly Status[] | undefined;
  const roles = lowerWords(source['role']);
  const q = trimmed(source['q'])?.toLowerCase();
  return {
    ...(modes && { modes }),
    ...(statuses && { statuses }),
    ...(roles && { roles }),
    ...(q !== undefined && { q }),
  };
}

function lowerWords(value: unknown): readonly string[] | undefined {
  const list = trimmedList(Array.isArray(value) ? value : [value]);
  return list?.map((word) => word.toLowerCase());
}
