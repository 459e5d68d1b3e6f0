import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { ConfigFlags } from './config-command.ts';
import type { Result } from './result.ts';

/** Adds `rollcall config` with `init`, `check` and `show`. */
export function addConfig(
  program: Command,
  { context, end }: { readonly context: CommandContext; readonly end: (result: Result<unknown>) => void },
): void {
  const config = program
    .command('config')
    .helpCommand(false)
    .description('write, check and show the settings of the gateway');
  const add = (name: string, description: string): Command =>
    config
      .command(name)
      .description(description)
      .option('--config <file>', 'configuration file (ROLLCALL_CONFIG, else ~/.config/rollcall/config.json)');
  add('init', 'write a configuration file to start from')
    .option('--force', 'replace the file if it exists')
    .action(async (flags: ConfigFlags) =>
      end((await import('./config-command.ts')).initConfig(context, flags)),
    );
  add(
    'check',
    'check file and environment as rollcall gateway would (exit code 2: something is wrong)',
  ).action(async (flags: ConfigFlags) =>
    end((await import('./config-command.ts')).checkConfig(context, flags)),
  );
  add('show', 'show every setting in force and where it comes from')
    .option('--json', 'as JSON')
    .action(async (flags: ConfigFlags) =>
      end((await import('./config-command.ts')).showConfig(context, flags)),
    );
}
