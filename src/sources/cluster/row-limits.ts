import { type Contribution, FIELD_BOUNDS, FIELDS, type Field } from '../../core/index.ts';

/** Most characters of a row, names included; a row of clients has fewer than 2 000. */
const maxWeight = 65_536;
/** Rows join the lists of several connections. */
const maxItems = 32 * FIELD_BOUNDS.maxItems;
const maxDepth = 4;
const maxConnections = 1_000_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there (PF2)
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/;
const moments = ['ts', 'connectedAtMs', 'disconnectedAtMs', 'firstSeenAtMs'] as const;

/** Why a contribution cannot be used: a word for metrics, and what is wrong. */
export interface RowProblem {
  readonly code: 'FUTURE_STAMP' | 'BAD_ROW';
  readonly message: string;
}

/**
 * What is wrong with a contribution that an engine emitted: it is input like any other, so PF2 and PL4 apply, and a stamp is
 * within the range of a plausible clock (PC14).
 *
 * @param latestMs the latest moment that is possible, milliseconds since the epoch.
 */
export function rowProblem(contribution: Contribution, latestMs: number): RowProblem | undefined {
  const { stamp, factsStamp, view, key, memberId } = contribution;
  if (isImpossible(stamp, latestMs) || (factsStamp !== undefined && isImpossible(factsStamp, latestMs))) {
    return { code: 'FUTURE_STAMP', message: 'its stamps are more than a day ahead' };
  }
  const message =
    textProblem('the key', key, FIELD_BOUNDS.maxLength) ??
    textProblem('the member', memberId, 2 * FIELD_BOUNDS.maxLength) ??
    (view === undefined ? undefined : viewProblem(view, latestMs));
  return message === undefined ? undefined : { code: 'BAD_ROW', message };
}

function isImpossible({ ms, counter }: { ms: number; counter: number }, latestMs: number): boolean {
  return ms > latestMs || counter > 1_000_000_000;
}

function viewProblem(view: NonNullable<Contribution['view']>, latestMs: number): string | undefined {
  const late = moments.find((name) => (view[name] ?? 0) > latestMs);
  if (late !== undefined) return `${late} is more than a day ahead`;
  if (view.connections > maxConnections) return 'it has more connections than anybody can';
  const budget = { left: maxWeight };
  for (const [name, value] of Object.entries(view)) {
    const problem = factProblem(name, value) ?? valueProblem(name, value, budget, maxDepth);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function factProblem(name: string, value: unknown): string | undefined {
  const field: Field | undefined = Object.hasOwn(FIELDS, name)
    ? FIELDS[name as keyof typeof FIELDS]
    : undefined;
  if (field === undefined) return undefined;
  const limit = field.format === 'line' ? FIELD_BOUNDS.maxLineLength : FIELD_BOUNDS.maxLength;
  const isLong = [value].flat().some((text) => typeof text === 'string' && text.length > limit);
  if (isLong) return `${name} is longer than ${limit} characters`;
  return typeof value === 'number' && value > FIELD_BOUNDS.maxInteger ? `${name} is too large` : undefined;
}

/** Facts of newer gateways are kept (PC9), within the bounds of all facts. */
function valueProblem(
  name: string,
  value: unknown,
  budget: { left: number },
  depth: number,
): string | undefined {
  budget.left -= name.length;
  if (typeof value === 'string') {
    budget.left -= value.length;
    return budget.left < 0 ? 'it is too large' : textProblem(name, value, FIELD_BOUNDS.maxLineLength);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${name} is no number`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return `${name} is nested too deep`;
  const parts = Object.entries(value);
  if (parts.length > maxItems) return `${name} has too many parts`;
  for (const [part, inner] of parts) {
    const problem =
      textProblem(`a name in ${name}`, part, FIELD_BOUNDS.maxLength) ??
      valueProblem(Array.isArray(value) ? name : part, inner, budget, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textProblem(name: string, text: string, limit: number): string | undefined {
  if (text.length > limit) return `${name} is longer than ${limit} characters`;
  return controlCharacters.test(text) ? `${name} has control characters` : undefined;
}
