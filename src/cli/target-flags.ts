import type { Command } from 'commander';

const targetHelp = `
The gateway to talk to:
  ROLLCALL_URL         else OPENCLAW_GATEWAY_URL, else ws://127.0.0.1:18789
  ROLLCALL_TOKEN       else OPENCLAW_GATEWAY_TOKEN, else the token that the local gateway keeps
  ROLLCALL_PASSWORD    for gateways started with --auth password
Prefer these variables to --token and --password: other users can see the flags of a running program.`;

/** Adds `--url`, `--token` and `--password`, and the help on the variables, which are safer than flags. */
export function addTarget(command: Command): Command {
  return addSecrets(command.option('--url <url>', 'gateway to talk to, like ws://127.0.0.1:18789'));
}

/** As {@link addTarget}, with a `--url` that may be repeated; its value is a list. */
export function addTargets(command: Command): Command {
  return addSecrets(
    command.option(
      '--url <url>',
      'gateway to report to, repeatable; ,tokenFile=FILE may stand behind it',
      (text: string, before: readonly string[] = []) => [...before, text],
    ),
  );
}

function addSecrets(command: Command): Command {
  return command
    .option('--token <secret>', 'its token (better: ROLLCALL_TOKEN)')
    .option('--password <secret>', 'its password (better: ROLLCALL_PASSWORD)')
    .addHelpText('after', targetHelp);
}
