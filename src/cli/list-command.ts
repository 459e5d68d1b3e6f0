import { type CommandContext, withGateway } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import { readEntries, readPresence } from './presence-reading.ts';
import { presenceTable } from './presence-table.ts';
import { type Result, success } from './result.ts';
import { readScopes } from './scopes.ts';

/** Flags of `rollcall list`. */
export interface ListFlags extends TargetFlags {
  readonly json?: boolean;
}

/** `rollcall list`: who is connected, as a table, or as the gateway's own array with `--json`. */
export function runList(context: CommandContext, flags: ListFlags): Promise<Result<void>> {
  const { shell } = context;
  return withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call) => {
      if (flags.json) {
        const entries = await readEntries(call);
        if (entries.ok) shell.print(JSON.stringify(entries.value, null, 2));
        return entries.ok ? success(undefined) : entries;
      }
      const reading = await readPresence(call);
      if (!reading.ok) return reading;
      if (reading.value.rows.length === 0)
        shell.complain('the gateway lists nobody: its token may not grant operator.read');
      else shell.print(presenceTable({ rows: reading.value.rows, nowMs: reading.value.nowMs, shell }));
      if (reading.value.truncated)
        shell.complain('the roster is full: the oldest rows were dropped (see --max-entries)');
      return success(undefined);
    },
  });
}
