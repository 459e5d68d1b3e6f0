import type { ListedRow } from '../core/index.ts';
import { findDuplicates, type PresenceState, presenceStateOf, presenceStates } from '../viewer/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import { type PresenceReading, readPresence } from './presence-reading.ts';
import { ok, type Result } from './result.ts';
import { readScopes } from './scopes.ts';
import { oneLine } from './text-format.ts';

/** Flags of `rollcall status`. */
export interface StatusFlags extends TargetFlags {
  readonly json?: boolean;
}

/** What is counted, and what is wrong. */
export interface RosterSummary {
  readonly counts: Readonly<Record<PresenceState, number>>;
  /** One line each. */
  readonly problems: readonly string[];
}

/**
 * `rollcall status`: one line on standard output, for people and scripts. The value is the number of problems; each is a line on
 * standard error.
 */
export function runStatus(context: CommandContext, flags: StatusFlags): Promise<Result<number>> {
  const { shell } = context;
  return withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call) => {
      const reading = await readPresence(call);
      if (!reading.ok) return reading;
      const summary = summaryOf(reading.value);
      const { problems } = summary;
      if (flags.json) shell.print(JSON.stringify({ ok: problems.length === 0, ...summary }));
      else {
        shell.print(summaryText(summary));
        for (const problem of problems) shell.complain(problem);
      }
      return ok(problems.length);
    },
  });
}

/** Counts the rows by state (PS5), the gateway's own left out, and finds what is wrong. */
export function summaryOf({ rows, nowMs, truncated }: PresenceReading): RosterSummary {
  const others = rows.filter((row) => row.self !== true && row.reason !== 'self');
  const counts = Object.fromEntries(presenceStates.map((state) => [state, 0])) as Record<
    PresenceState,
    number
  >;
  for (const row of others) counts[presenceStateOf(row, nowMs)] += 1;
  const problems = [
    ...(truncated ? ['the roster is full: the oldest rows were dropped (see --max-entries)'] : []),
    ...(counts.unreachable > 0
      ? [`${counts.unreachable} ${rowsWord(counts.unreachable)} of gateways that cannot be reached`]
      : []),
    ...findDuplicates(rows).map(({ rows: twins }) => duplicateText(twins)),
  ];
  return { counts, problems };
}

/** `23 online, 2 disconnected, 1 problem`: zeros are left out, but for who is online. A roster of the gateway alone is called that. */
export function summaryText({ counts, problems }: RosterSummary): string {
  const { online, reporting, idle, stale, disconnected, unreachable } = counts;
  const parts: readonly (readonly [number, string])[] = [
    [reporting, 'reporting'],
    [idle, 'idle'],
    [stale, 'stale'],
    [disconnected, 'disconnected'],
    [unreachable, 'unreachable'],
    [problems.length, problems.length === 1 ? 'problem' : 'problems'],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (online === 0 && shown.length === 0) return '0 online: only the gateway itself is listed';
  return [`${online} online`, ...shown].join(', ');
}

function duplicateText(rows: readonly ListedRow[]): string {
  const [first] = rows;
  const name = oneLine(first?.host ?? first?.deviceId ?? 'an instance');
  return `${name} is listed ${rows.length} times: rollcall doctor says why`;
}

function rowsWord(count: number): string {
  return count === 1 ? 'instance' : 'instances';
}
