import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { Result } from './result.ts';
import type { TokenFlags } from './token-command.ts';

/** What the token commands are added with; `end` receives the outcome of one. */
export interface TokenProgramOptions {
  readonly context: CommandContext;
  readonly end: (result: Result<unknown>) => void;
}

/** Adds `rollcall token` with `create`, `list` and `revoke`. */
export function addTokens(program: Command, { context, end }: TokenProgramOptions): void {
  const token = program
    .command('token')
    .helpCommand(false)
    .description('create, list and revoke named tokens, each bound to roles and scopes')
    .addHelpText('after', tokenHelp);
  token
    .command('create')
    .description('create a token and print it (shown only once)')
    .requiredOption('--name <name>', 'what the token is called in logs and lists')
    .option('--roles <roles>', 'roles that it may connect as: operator, node or both', 'operator')
    .option('--scopes <scopes>', 'scopes that it may be granted, comma separated', 'operator.read')
    .option('--gateways <names>', 'gateways whose rows it may see, comma separated (default: all)')
    .action(async (flags: TokenFlags) =>
      end((await import('./token-command.ts')).createToken(context, flags)),
    );
  token
    .command('list')
    .description('show the named tokens and what they allow')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) =>
      end((await import('./token-command.ts')).listTokens(context, flags)),
    );
  token
    .command('revoke')
    .description('revoke a token; a running gateway closes the connections that used it')
    .argument('<name>', 'name of the token')
    .action(async (name: string) => end((await import('./token-command.ts')).revokeToken(context, name)));
}

const tokenHelp = `
The tokens are kept as hashes in tokens.json in the state folder ($XDG_STATE_HOME/rollcall, else
~/.local/state/rollcall) of this user; the gateway that this user runs follows the file.

With --gateways home,office the token sees the rows of these gateways alone, and only reads. The names are those of
rollcall upstream list; this gateway goes by its host name.

Scopes: operator.read (see the roster), operator.write (also write about others), operator.admin (everything).
A node needs no scope: rollcall token create --name camera-3 --roles node --scopes ''`;
