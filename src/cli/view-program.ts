import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import type { ListFlags } from './list-command.ts';
import type { LogFlags } from './log-command.ts';
import type { OpenFlags } from './open-command.ts';
import type { Result } from './result.ts';
import type { StatusFlags } from './status-command.ts';
import { addTarget } from './target-flags.ts';
import type { WatchFlags } from './watch-command.ts';

/** What the commands that read a gateway are added with; `end` receives the outcome of one and the exit code of a successful one. */
export interface CallProgramOptions {
  readonly context: CommandContext;
  readonly end: (result: Result<unknown>, exitCode?: number) => void;
}

/** Adds `rollcall list`. */
export function addList(program: Command, { context, end }: CallProgramOptions): void {
  const command = program
    .command('list')
    .description('show who is connected')
    .argument('[query...]', 'words that must occur, field:value, -not: for example mode:node -state:online')
    .option('--state <states>', 'online, reporting, idle, stale, disconnected, unreachable')
    .option('--mode <modes>', 'modes, comma separated')
    .option('--gateway <names>', 'gateways that list the instance')
    .option('--owner <names>', 'owners')
    .option(
      '--sort <key>',
      'name, state, age, input, mode or connections; -age is the other way round (default: name)',
    )
    .option('--columns <names>', 'columns to show, comma separated')
    .option('--wide', 'drop no column and cut no cell')
    .option(
      '--at <time>',
      'the list as it was at a time: 03:12 (the latest one), 2h (two hours ago), 2026-03-01T03:12',
    )
    .option('--departed <time>', 'who left since a time and has not returned: 1h, 7d, 03:12')
    .option(
      '--json',
      "print the gateway's answer to system-presence, a JSON array; with a filter the rows that match",
    );
  addTarget(command).action(async (words: readonly string[], flags: ListFlags) =>
    end(await (await import('./list-command.ts')).runList(context, words, flags)),
  );
}

/** Adds `rollcall log`. */
export function addLog(program: Command, { context, end }: CallProgramOptions): void {
  const command = program
    .command('log')
    .description('show who came, who went, and why')
    .argument('[who...]', 'a presence key, or a query as of list')
    .option(
      '--since <time>',
      'from this time on: 1h, 7d, 03:12, 2026-03-01T03:12 (default: the latest 100 entries)',
    )
    .option('--until <time>', 'up to this time')
    .option('--limit <count>', 'at most this many entries')
    .option('--follow', 'continue with new entries until Ctrl+C')
    .option('--json', 'print one JSON object per entry, on a line of its own');
  addTarget(command).action(async (words: readonly string[], flags: LogFlags) =>
    end(await (await import('./log-command.ts')).runLog(context, words, flags)),
  );
}

/** Adds `rollcall status`. */
export function addStatus(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(
    program.command('status').description('print one line: how many are online (exit code 1: a problem)'),
  )
    .option('--json', 'as JSON')
    .action(async (flags: StatusFlags) => {
      const problems = await (await import('./status-command.ts')).runStatus(context, flags);
      end(problems, problems.ok && problems.value > 0 ? 1 : 0);
    });
}

/** Adds `rollcall open`. */
export function addOpen(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(program.command('open').description('open the page in a browser, signed in'))
    .option('--print', 'only print the address; it holds the token')
    .option('--qr', 'print a QR code for a phone in the same network')
    .action(async (flags: OpenFlags) =>
      end(await (await import('./open-command.ts')).runOpen(context, flags)),
    );
}

/** Adds `rollcall watch`. */
export function addWatch(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(program.command('watch').description('show who is connected, live; ? lists the keys'))
    .option('--json', 'print one JSON object per change, on a line of its own')
    .action(async (flags: WatchFlags) =>
      end(await (await import('./watch-command.ts')).runWatch(context, flags)),
    );
}

/** Adds `rollcall mcp`. */
export function addMcp(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(
    program
      .command('mcp')
      .description(
        'show language models who is here: a Model Context Protocol server on standard input and output',
      ),
  ).action(async (flags: TargetFlags) =>
    end(await (await import('./mcp-command.ts')).runMcp(context, flags)),
  );
}
