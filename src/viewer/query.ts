import { err, ok, type Result } from '../core/index.ts';
import { presenceStateOf } from './presence-state.ts';
import { type QueriedRow, type QueryField, queryFieldOf, searchedTexts } from './query-fields.ts';
import { modeWord, type RowWords } from './words.ts';

/** Which rows are wanted; all terms must fit. Made by {@link parseQuery}; `{terms: []}` wants every row. */
export interface Query {
  readonly terms: readonly Term[];
}

/** A word or a phrase that stands somewhere in a row, or `field:value,value`, of which one must fit. */
export interface Term {
  readonly negated: boolean;
  /** Absent: anywhere in the row. */
  readonly field?: QueryField;
  readonly tests: readonly Test[];
}

/** Folded text and how it is compared, or a bound in milliseconds. */
type Test =
  | { readonly kind: 'part' | 'whole' | 'prefix'; readonly text: string }
  | { readonly kind: 'more' | 'less'; readonly ms: number };

/** What is wrong with a query, and where: an index in UTF-16 units from 0. */
export interface QueryError {
  readonly message: string;
  readonly at: number;
}

/** Context in which rows are matched. */
export interface QueryView {
  /** The gateway's clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** The words under which the viewer shows rows; the names of the protocol are searched in any case. */
  readonly words?: Pick<RowWords, 'states' | 'modes' | 'causes'>;
  /** More texts that are shown of a row, such as the name of its model. */
  readonly shown?: (row: QueriedRow) => readonly string[];
}

/** The query that wants every row. */
export const everyRow: Query = Object.freeze({ terms: [] });

/**
 * The form in which texts are compared (PQ2): Unicode NFKC, lower case by the rules of no language in particular, `ß` as `ss` and
 * a final sigma as any other.
 */
export function foldText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
}

/**
 * Reads a query (PQ1): words that all occur, `"a phrase"`, `field:value`, `field:one,two` for either, `-` before what must not
 * fit. A word with a colon whose beginning names no field is a word, as in an address.
 *
 * @returns the first thing that is wrong: a quote without its end, a field without a value, a value that the field cannot have.
 */
export function parseQuery(text: string): Result<Query, QueryError> {
  const { query, error } = readQuery(text);
  return error === undefined ? ok(query) : err(error);
}

/** Reads a query that somebody is typing: unfinished or wrong terms are left out and returned as a fault. */
export function readQuery(text: string): { readonly query: Query; readonly error?: QueryError } {
  const terms: Term[] = [];
  let error: QueryError | undefined;
  for (const { text: source, at } of splitTerms(text)) {
    const term = readTerm(source);
    if (typeof term === 'string') error ??= { message: term, at };
    else if (term.tests.length > 0) terms.push(term);
  }
  return error === undefined ? { query: { terms } } : { query: { terms }, error };
}

/** The query of chosen values, each list an alternative: `{state: ['idle', 'stale']}`. The names are those of fields. */
export function queryOfChoices(choices: Readonly<Record<string, readonly string[]>>): Query {
  const terms = Object.entries(choices).map(([name, values]): Term => {
    const field = queryFieldOf(name);
    if (field === undefined) throw new TypeError(`no field of a query is called ${name}`);
    return {
      negated: false,
      field,
      tests: values.map((value) => ({ kind: 'whole', text: foldText(value.trim()) })),
    };
  });
  return { terms };
}

/** A query that a row matches when it matches all of the given ones. */
export function allOf(...queries: readonly Query[]): Query {
  return { terms: queries.flatMap(({ terms }) => terms) };
}

/** True when an answer may change without a change of the row, because a state, an age or a shown state word is asked for. */
export function dependsOnTime({ terms }: Query): boolean {
  return terms.some(
    ({ field }) => field === undefined || field.kind === 'duration' || field.choices !== undefined,
  );
}

/** True when a row fits a query. To match many rows repeatedly, use {@link createMatcher}. */
export function matches(query: Query, row: QueriedRow, view: QueryView): boolean {
  return fitsAll(query, new FoldedRow(row, view));
}

/** Makes a matcher that caches the folded text of each row: rows are immutable. `words` and `shown` must not change. */
export function createMatcher(
  shownAs: Omit<QueryView, 'nowMs'> = {},
): (query: Query, row: QueriedRow, nowMs: number) => boolean {
  const texts = new WeakMap<QueriedRow, string>();
  return (query, row, nowMs) => fitsAll(query, new FoldedRow(row, { ...shownAs, nowMs }, texts));
}

/** A row with its texts folded: each text is folded once, when the first term needs it, however many terms there are. */
class FoldedRow {
  readonly #row: QueriedRow;
  readonly #view: QueryView;
  readonly #remembered: WeakMap<QueriedRow, string> | undefined;
  #text: string | undefined;
  #state: string | undefined;
  #values: Map<QueryField, number | readonly string[] | undefined> | undefined;

  /** @param remembered cached texts of rows. */
  constructor(row: QueriedRow, view: QueryView, remembered?: WeakMap<QueriedRow, string>) {
    this.#row = row;
    this.#view = view;
    this.#remembered = remembered;
    this.#text = remembered?.get(row);
  }

  /** True when a text of the row, or a word under which it is shown, contains this one. */
  contains(text: string): boolean {
    if (this.#text === undefined) {
      this.#text = folded(this.#row, this.#view);
      this.#remembered?.set(this.#row, this.#text);
    }
    if (this.#text.includes(text)) return true;
    this.#state ??= stateText(this.#row, this.#view);
    return this.#state.includes(text);
  }

  /** The value of a field, folded. */
  fieldValue(field: QueryField): number | readonly string[] | undefined {
    this.#values ??= new Map();
    if (!this.#values.has(field)) this.#values.set(field, this.#read(field));
    return this.#values.get(field);
  }

  #read(field: QueryField): number | readonly string[] | undefined {
    const value = field.read(this.#row, this.#view.nowMs);
    if (value === undefined || typeof value === 'number') return value;
    return value.flatMap((text) => (text === undefined ? [] : [foldText(text)]));
  }
}

function fitsAll({ terms }: Query, row: FoldedRow): boolean {
  return terms.every((term) => term.negated !== fits(term, row));
}

function fits({ field, tests }: Term, row: FoldedRow): boolean {
  if (field === undefined) return tests.some((test) => 'text' in test && row.contains(test.text));
  const value = row.fieldValue(field);
  if (value === undefined) return false;
  if (typeof value === 'number') return tests.some((test) => fitsDuration(test, value));
  return tests.some((test) => value.some((text) => fitsText(test, text)));
}

function fitsText(test: Test, text: string): boolean {
  if (!('text' in test)) return false;
  if (test.kind === 'part') return text.includes(test.text);
  return test.kind === 'whole' ? text === test.text : text.startsWith(test.text);
}

function fitsDuration(test: Test, ms: number): boolean {
  if (!('ms' in test)) return false;
  return test.kind === 'more' ? ms >= test.ms : ms <= test.ms;
}

/** All texts of a row, and the words under which it is shown, but for its state, one text a line so that no word spans two. */
function folded(row: QueriedRow, { words, shown }: QueryView): string {
  const shownWords = words && [
    row.mode === undefined ? undefined : modeWord(words, row.mode),
    row.cause === undefined ? undefined : words.causes[row.cause.code],
  ];
  const texts = [...searchedTexts(row), ...(shownWords ?? []), ...(shown?.(row) ?? [])];
  return texts
    .filter((text) => text !== undefined)
    .map(foldText)
    .join('\n');
}

function stateText(row: QueriedRow, { nowMs, words }: QueryView): string {
  const state = presenceStateOf(row, nowMs);
  return foldText(`${state}\n${words?.states[state] ?? ''}`);
}

/** Splits at white space outside quotes. */
function* splitTerms(text: string): Generator<{ readonly text: string; readonly at: number }> {
  const term = /(?:"(?:\\.|[^"\\])*(?:"|$)|[^\s"])+/gu;
  for (const match of text.matchAll(term)) yield { text: match[0], at: match.index };
}

/** Parses one term, or returns its fault. */
function readTerm(source: string): Term | string {
  const negated = source.length > 1 && source.startsWith('-');
  const body = negated ? source.slice(1) : source;
  const colon = body.indexOf(':');
  const name = body.slice(0, colon);
  const field = colon > 0 && !name.includes('"') ? queryFieldOf(name) : undefined;
  if (field === undefined) {
    const text = unquote(body);
    if (text === undefined) return 'the quote has no end';
    return { negated, tests: text.trim() === '' ? [] : [{ kind: 'part', text: foldText(text) }] };
  }
  const tests = readTests(field, name, body.slice(colon + 1));
  return typeof tests === 'string' ? tests : { negated, field, tests };
}

function readTests(field: QueryField, name: string, source: string): readonly Test[] | string {
  const parts = source.match(/(?:"(?:\\.|[^"\\])*(?:"|$)|[^,"])+/gu) ?? [];
  const tests: Test[] = [];
  for (const part of parts) {
    const test = readTest(field, name, part);
    if (typeof test === 'string') return test;
    tests.push(test);
  }
  return tests.length === 0 ? needsValue(field, name) : tests;
}

function readTest(field: QueryField, name: string, part: string): Test | string {
  const value = unquote(part);
  if (value === undefined) return 'the quote has no end';
  if (value.trim() === '') return needsValue(field, name);
  if (field.kind === 'duration') return readDuration(name, value.trim());
  const text = foldText(value.trim());
  if (field.choices !== undefined && !field.choices.includes(text)) return needsValue(field, name);
  if (field.kind === 'part') return { kind: 'part', text };
  const isPrefix = text.length > 1 && text.endsWith('*') && !part.includes('"');
  return isPrefix ? { kind: 'prefix', text: text.slice(0, -1) } : { kind: 'whole', text };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readDuration(name: string, value: string): Test | string {
  const [, sign = '', amount = '', unit = ''] = /^([<>]=?)(\d{1,9})([smhd])$/.exec(value) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN);
  if (amount === '' || Number.isNaN(ms)) return `${name}: needs a duration such as >5m or <=2h`;
  return { kind: sign.startsWith('>') ? 'more' : 'less', ms };
}

function needsValue({ choices }: QueryField, name: string): string {
  return choices === undefined ? `${name}: needs a value` : `${name}: must be one of ${choices.join(', ')}`;
}

/** The text without its quotes, `\"` and `\\` resolved inside them; `undefined` when a quote has no end. */
function unquote(source: string): string | undefined {
  let isOpen = false;
  const text = source.replace(/\\(["\\])|"/g, (mark, escaped: string | undefined) => {
    if (escaped !== undefined) return isOpen ? escaped : mark;
    isOpen = !isOpen;
    return '';
  });
  return isOpen ? undefined : text;
}
