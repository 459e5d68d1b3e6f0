import type { DepartedView, PastView } from '../sinks/index.ts';
import { matches, type QueriedRow, type Query, rowName } from '../viewer/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import { causeText, momentText } from './journal-text.ts';
import { lacksJournal, readMoment } from './log-command.ts';
import { misused, ok, type Result } from './result.ts';
import { readScopes } from './scopes.ts';
import { paint, type Shell } from './shell.ts';
import { dateText, oneLine } from './text-format.ts';
import { type Column, layTable } from './text-table.ts';

/** The flags of `rollcall list` about the past. */
export interface PastFlags extends TargetFlags {
  readonly json?: boolean;
  readonly at?: string;
  readonly departed?: string;
}

/** A row of the past; the last two only of one that left. */
type PastRow = PastView & Partial<Pick<DepartedView, 'leftAtMs' | 'lastSeenMs'>>;

/** What a gateway answers to `presence.list` with `at` or `departed`. */
interface PastList {
  readonly now: number;
  readonly at?: number;
  readonly cutOffAtMs?: number;
  readonly instances: readonly PastRow[];
}

/** `rollcall list --at TIME` and `--departed TIME`: the roster as it was, and who left and is not back (PJ12). */
export async function runPastList(
  context: CommandContext,
  flags: PastFlags,
  query: Query,
): Promise<Result<void>> {
  const { shell } = context;
  if (flags.at !== undefined && flags.departed !== undefined)
    return misused('--at and --departed cannot be asked together');
  const [name, text] = flags.at === undefined ? ['departed', flags.departed ?? ''] : ['at', flags.at];
  return withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call) => {
      const moment = readMoment(`--${name}`, text, call.gatewayNowMs());
      if (!moment.ok) return moment;
      const lacking = lacksJournal(call);
      if (lacking !== undefined) return lacking;
      const answer = await call.request('presence.list', { [name]: moment.value });
      if (!answer.ok) return answer;
      const list = answer.value as PastList;
      const rows = list.instances.filter((row) => matches(query, row as QueriedRow, { nowMs: row.ts }));
      if (list.cutOffAtMs !== undefined)
        shell.complain(`the journal is complete only since ${dateText(list.cutOffAtMs)}`);
      if (flags.json) shell.print(JSON.stringify(rows, null, 2));
      else if (rows.length > 0) shell.print(pastTable(rows, list, shell));
      else shell.complain(name === 'at' ? 'no instances then' : 'nobody who left is away');
      return ok(undefined);
    },
  });
}

function pastTable(rows: readonly PastRow[], { now, at }: PastList, shell: Shell): string {
  const columns = at === undefined ? departedColumns(now) : momentColumns(now);
  return layTable({ columns, rows, width: shell.columns, paintTitle: (title) => paint(shell, 'dim', title) });
}

const nameColumn: Column<PastRow> = {
  title: 'NAME',
  cell: (row) => oneLine(rowName(row as QueriedRow) ?? 'unnamed'),
  dropRank: 0,
  minWidth: 12,
};
const factColumns: readonly Column<PastRow>[] = [
  { title: 'MODE', cell: ({ mode }) => oneLine(mode ?? ''), dropRank: 2, minWidth: 7 },
  { title: 'IP', cell: ({ ip }) => oneLine(ip ?? ''), dropRank: 4, minWidth: 15 },
  { title: 'VERSION', cell: ({ version }) => oneLine(version ?? ''), dropRank: 5, minWidth: 8 },
  { title: 'GATEWAY', cell: ({ gateways = [] }) => oneLine(gateways.join(',')), dropRank: 3, minWidth: 8 },
];
const causeColumn: Column<PastRow> = {
  title: 'WHY',
  cell: ({ cause }) => causeText(cause),
  dropRank: 1,
  minWidth: 12,
};

function momentColumns(nowMs: number): readonly Column<PastRow>[] {
  return [
    nameColumn,
    { title: 'STATE', cell: ({ state }) => state, dropRank: 0 },
    { title: 'SINCE', cell: ({ ts }) => momentText(ts, nowMs), dropRank: 0 },
    ...factColumns,
    causeColumn,
  ];
}

function departedColumns(nowMs: number): readonly Column<PastRow>[] {
  return [
    nameColumn,
    { title: 'LEFT', cell: ({ leftAtMs, ts }) => momentText(leftAtMs ?? ts, nowMs), dropRank: 0 },
    { title: 'LAST SEEN', cell: ({ lastSeenMs, ts }) => momentText(lastSeenMs ?? ts, nowMs), dropRank: 0 },
    causeColumn,
    ...factColumns,
  ];
}
