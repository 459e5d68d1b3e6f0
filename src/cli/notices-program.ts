import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import type { Result } from './result.ts';
import { addTarget } from './target-flags.ts';

/** Adds `rollcall notices` with `list`, `test`, `check`, `ack` and `mute` (PN17). */
export function addNotices(
  program: Command,
  { context, end }: { readonly context: CommandContext; readonly end: (result: Result<unknown>) => void },
): void {
  const notices = program
    .command('notices')
    .helpCommand(false)
    .description('show, test, acknowledge and mute notices to operators (docs/notices.md)');
  const commands = (): Promise<typeof import('./notices-command.ts')> => import('./notices-command.ts');
  addTarget(notices.command('list').description('show open and resolved notices, mutes and deliveries'))
    .option('--json', 'as JSON')
    .action(async (flags: TargetFlags & { json?: boolean }) =>
      end(await (await commands()).listNotices(context, flags)),
    );
  addTarget(
    notices
      .command('test')
      .description("show what each rule would have reported, from the gateway's journal"),
  )
    .option('--since <time>', 'how far back', '24h')
    .option('--file <file>', 'rules of this file instead of those in force')
    .action(async (flags: TargetFlags & { since: string; file?: string }) =>
      end(await (await commands()).testNotices(context, flags)),
    );
  notices
    .command('check')
    .description('check a file of rules and deliveries')
    .argument('<file>')
    .action(async (file: string) => end((await commands()).checkNotices(context, file)));
  addTarget(notices.command('ack').description('acknowledge a notice: it is not repeated'))
    .argument('<id>', 'id of an open notice')
    .action(async (id: string, flags: TargetFlags) =>
      end(await (await commands()).acknowledgeNotice(context, id, flags)),
    );
  addTarget(notices.command('mute').description('silence a rule, an instance or both for a while'))
    .option('--rule <name>', 'this rule only')
    .option('--key <key>', 'this instance only')
    .requiredOption('--for <duration>', 'how long, for example 2h; 0s ends a mute')
    .action(async (flags: TargetFlags & { rule?: string; key?: string; for: string }) =>
      end(await (await commands()).muteNotices(context, flags)),
    );
}
