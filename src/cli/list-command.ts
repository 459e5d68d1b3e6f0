import type { InstanceView, ListedRow } from '../core/index.ts';
import { didYouMean } from '../core/index.ts';
import {
  allOf,
  englishWords,
  matches,
  parseQuery,
  presenceStates,
  type Query,
  queryOfChoices,
  type SortKey,
  sortKeys,
  sortRows,
} from '../viewer/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { PastFlags } from './past-list-command.ts';
import { readEntries, readPresence } from './presence-reading.ts';
import { columnNames, presenceTable } from './presence-table.ts';
import { misused, ok, type Result } from './result.ts';
import { readScopes } from './scopes.ts';
import { splitList } from './setting-kind.ts';

/** Flags of `rollcall list`. */
export interface ListFlags extends PastFlags {
  readonly state?: string;
  readonly mode?: string;
  readonly gateway?: string;
  readonly owner?: string;
  readonly sort?: string;
  readonly columns?: string;
  readonly wide?: boolean;
}

/** What a list shows, checked. */
interface ListView {
  readonly query: Query;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly columns: readonly string[] | undefined;
}

/**
 * `rollcall list [query…]`: who is connected, as a table.
 *
 * With `--json` and nothing else it prints the gateway's own answer to `system-presence`; with a filter, the rows that fit.
 */
export async function runList(
  context: CommandContext,
  words: readonly string[],
  flags: ListFlags,
): Promise<Result<void>> {
  const view = readView(words, flags);
  if (!view.ok) return view;
  if (flags.at !== undefined || flags.departed !== undefined) {
    const { runPastList } = await import('./past-list-command.ts');
    return runPastList(context, flags, view.value.query);
  }
  const { shell } = context;
  const isPlain = view.value.query.terms.length === 0 && flags.sort === undefined;
  return withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call) => {
      if (flags.json && isPlain) {
        const entries = await readEntries(call);
        if (entries.ok) shell.print(JSON.stringify(entries.value, null, 2));
        return entries.ok ? ok(undefined) : entries;
      }
      const reading = await readPresence(call);
      if (!reading.ok) return reading;
      const { nowMs, truncated } = reading.value;
      const rows = chosenRows(reading.value.rows, view.value, nowMs);
      if (flags.json) shell.print(JSON.stringify(rows, null, 2));
      else if (rows.length > 0) {
        const { columns } = view.value;
        shell.print(presenceTable({ rows, nowMs, shell, columns, wide: flags.wide === true }));
      } else shell.complain(nobody(reading.value.rows));
      if (truncated) shell.complain('the roster is full: the oldest rows were dropped (see --max-entries)');
      return ok(undefined);
    },
  });
}

function nobody(rows: readonly ListedRow[]): string {
  return rows.length === 0
    ? 'no instances: this token may lack the scope operator.read'
    : `no instances match (${rows.length} in all)`;
}

function chosenRows(
  rows: readonly ListedRow[],
  { query, sort, descending }: ListView,
  nowMs: number,
): readonly ListedRow[] {
  const chosen = rows.filter((row) => matches(query, row as InstanceView, { nowMs, words: englishWords }));
  if (chosen.length < 2) return chosen;
  const collator = new Intl.Collator('en', { numeric: true });
  return sortRows(chosen, { by: sort, descending, collator }, nowMs);
}

function readView(words: readonly string[], flags: ListFlags): Result<ListView> {
  const query = parseQuery(words.join(' '));
  if (!query.ok) return misused(`${query.error.message} (at character ${query.error.at + 1} of the query)`);
  const { state, mode, gateway, owner, sort = 'name', columns } = flags;
  const typed = Object.entries({ state, mode, gateway, owner }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, splitList(text)] as const],
  );
  const choices = queryOfChoices(Object.fromEntries(typed));
  const by = sort.replace(/^-/, '');
  const names = columns === undefined ? undefined : splitList(columns.toLowerCase());
  const problem =
    firstUnknown('--state', splitList(state ?? ''), presenceStates) ??
    firstUnknown('--sort', [by], sortKeys) ??
    firstUnknown('--columns', names ?? [], columnNames);
  if (problem !== undefined) return misused(problem);
  const descending = sort.startsWith('-');
  const view = { query: allOf(query.value, choices), sort: by as SortKey, descending, columns: names };
  return ok(view);
}

function firstUnknown(flag: string, words: readonly string[], known: readonly string[]): string | undefined {
  const wrong = words.find((word) => !known.includes(word));
  if (wrong === undefined) return undefined;
  return `${flag}: unknown "${wrong}"${didYouMean(wrong, known) || `, not one of ${known.join(', ')}`}`;
}
