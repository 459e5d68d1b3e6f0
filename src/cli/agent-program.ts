import type { Command } from 'commander';
import type { AgentFlags } from './agent-flags.ts';
import type { CommandContext } from './command-context.ts';
import type { Result } from './result.ts';
import { addTargets } from './target-flags.ts';

/** What the agent commands are added with; `end` receives the outcome of one. */
export interface AgentProgramOptions {
  readonly context: CommandContext;
  readonly end: (result: Result<unknown>) => void;
}

/** Adds `rollcall agent` with `install`, `uninstall` and `status`. */
export function addAgent(program: Command, { context, end }: AgentProgramOptions): void {
  const agent = program
    .command('agent')
    .description('report this computer, its load and the time since its last input; it runs until Ctrl+C')
    .option('--dry-run', 'print what would be reported, as JSON, and report nothing');
  addReportFlags(agent)
    .addHelpText('after', agentHelp)
    .action(async (_, command: Command) =>
      end(await (await import('./agent-command.ts')).runAgent(context, flagsOf(command))),
    );
  const install = agent.command('install').description('keep an agent running as a service of this user');
  addReportFlags(install).action(async (_, command: Command) =>
    end(await (await import('./agent-service-command.ts')).installAgent(context, flagsOf(command))),
  );
  agent
    .command('uninstall')
    .description('stop that service and remove its files, the kept secret too')
    .action(async () => end(await (await import('./agent-service-command.ts')).uninstallAgent(context)));
  agent
    .command('status')
    .description('show whether that service is installed and runs (exit code 1: it does not run)')
    .action(async () => end(await (await import('./agent-service-command.ts')).showAgentService(context)));
}

function addReportFlags(command: Command): Command {
  return addTargets(
    command
      .option(
        '--mode <mode>',
        'node (a machine, with its load) or ui (a desktop of a person); node by default',
      )
      .option('--name <name>', 'name for people; the host name by default')
      .option('--no-input', 'do not report how long ago the last input was')
      .option('--interval-ms <ms>', 'time between reports in milliseconds, at least 1000; 60000 by default'),
  );
}

/** The flags exist on `agent` and on `agent install`: both places count. */
function flagsOf(command: Command): AgentFlags {
  type Typed = Omit<AgentFlags, 'url'> & { input?: boolean; url?: readonly string[] };
  const { input, url: urls, ...flags } = command.optsWithGlobals<Typed>();
  const isSilent = [command, command.parent].some((level) => level?.opts()['input'] === false);
  return { ...flags, ...(urls && { urls }), ...(input !== undefined && { input: !isSilent }) };
}

const agentHelp = `
The time since the last input comes from the X server, GNOME, logind or the terminals on Linux, from the HID system on macOS and
from Windows. What cannot be read is logged once and left out. Try it: rollcall agent --dry-run`;
