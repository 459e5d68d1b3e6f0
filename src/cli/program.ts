import { Command, CommanderError } from 'commander';
import { didYouMean } from '../core/nearest.ts';
import { addAgent } from './agent-program.ts';
import type { AnnotateWords, NameFlags } from './annotate-command.ts';
import type { BeaconFlags } from './beacon-command.ts';
import { beaconFields } from './beacon-fields.ts';
import type { CallFlags } from './call-command.ts';
import type { CommandContext } from './command-context.ts';
import { addConfig } from './config-program.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { addGateway } from './gateway-program.ts';
import type { TargetFlags } from './gateway-target.ts';
import type { ListFlags } from './list-command.ts';
import type { LogFlags } from './log-command.ts';
import { addNotices } from './notices-program.ts';
import type { OpenFlags } from './open-command.ts';
import { misused, type Result } from './result.ts';
import type { StatusFlags } from './status-command.ts';
import { addTarget } from './target-flags.ts';
import { addTokens } from './token-program.ts';
import { addUpstreams } from './upstream-program.ts';
import type { WatchFlags } from './watch-command.ts';
import { hangLine } from './wrap-line.ts';

/** What the command line is built from. */
export interface ProgramOptions {
  readonly context: CommandContext;
  readonly loadGateway: () => Promise<GatewayParts>;
}

/**
 * Runs one command line, without the two words of node and script.
 *
 * @returns the exit code: 0, 1 refused or unreachable, 2 usage.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<number> {
  const ending = { code: 0 };
  try {
    await buildProgram(options, ending).parseAsync(withoutName(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return ending.code;
}

/** A command that was pasted whole behind the program (`node dist/bin/main.js rollcall list`) means the same without the name. */
function withoutName(argv: readonly string[]): string[] {
  return argv[0] === 'rollcall' ? argv.slice(1) : [...argv];
}

/** Where the exit code of the command that ran is put. */
interface Ending {
  code: number;
}

/** The whole command line, with its help. */
export function buildProgram(
  { context, loadGateway }: ProgramOptions,
  ending: Ending = { code: 0 },
): Command {
  const { shell } = context;
  const program = new Command('rollcall')
    .description('A presence gateway and its tools: who is connected, live.')
    .version(context.version, '-V, --version', 'print the version')
    .option('--no-color', 'plain output (so does the variable NO_COLOR, and output to a file or pipe)')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('(add --help for the commands and flags)')
    .configureOutput({
      writeOut: (text) => shell.print(fitTo(shell.columns, text.trimEnd())),
      writeErr: (text) => shell.complain(text.trimEnd()),
    })
    .exitOverride()
    .addHelpText('after', firstSteps);
  const end = (result: Result<unknown>): void => {
    if (result.ok) return;
    for (const line of result.error.message.split('\n')) shell.complain(`rollcall: ${line}`);
    ending.code = result.error.exitCode;
  };
  addGateway(program, { context, loadGateway, end });
  addAgent(program, { context, end });
  addTokens(program, { context, end });
  addUpstreams(program, { context, end });
  addConfig(program, { context, end });
  addNotices(program, { context, end });
  addList(program, async (words, flags) => {
    const { runList } = await import('./list-command.ts');
    end(await runList(context, words, flags));
  });
  addLog(program, async (words, flags) => {
    const { runLog } = await import('./log-command.ts');
    end(await runLog(context, words, flags));
  });
  addStatus(program, async (flags) => {
    const { runStatus } = await import('./status-command.ts');
    const result = await runStatus(context, flags);
    end(result);
    if (result.ok && result.value > 0) ending.code = 1;
  });
  addOpen(program, async (flags) => {
    const { runOpen } = await import('./open-command.ts');
    end(await runOpen(context, flags));
  });
  addWatch(program, async (flags) => {
    const { runWatch } = await import('./watch-command.ts');
    end(await runWatch(context, flags));
  });
  addMcp(program, async (flags) => {
    const { runMcp } = await import('./mcp-command.ts');
    end(await runMcp(context, flags));
  });
  addBeacon(program, async (target, flags) => {
    const { runBeacon } = await import('./beacon-command.ts');
    end(await runBeacon(context, target, flags));
  });
  addAnnotations(program, async (key, change, flags) => {
    const { runAnnotate } = await import('./annotate-command.ts');
    end(await runAnnotate(context, key, change, flags));
  });
  addCall(program, async (method, flags) => {
    const { runCall } = await import('./call-command.ts');
    end(await runCall(context, method, flags));
  });
  addDoctor(program, async (flags) => {
    const { runDoctor } = await import('./doctor-command.ts');
    const result = await runDoctor(context, flags);
    end(result);
    if (result.ok && result.value > 0) ending.code = 1;
  });
  addCompletion(program, shell.print, end);
  addHelp(program, end);
  return program;
}

/** Help as wide as the terminal, whatever its lines are. */
function fitTo(columns: number | undefined, text: string): string {
  return text
    .split('\n')
    .flatMap((line) => hangLine(line, columns))
    .join('\n');
}

const firstSteps = `
First steps:
  rollcall gateway     start a gateway; it prints how to connect
  rollcall list        see who is connected, in another terminal
  rollcall watch       see it live

Exit codes: 0 done, 1 refused or unreachable, 2 wrong usage.`;

function addList(program: Command, run: (words: readonly string[], flags: ListFlags) => Promise<void>): void {
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
    .option('--at <time>', 'the list as it was: 03:12 (the latest one), 2h (so long ago), 2026-03-01T03:12')
    .option('--departed <time>', 'who left since then and is not back: 1h, 7d, 03:12')
    .option(
      '--json',
      "print the gateway's answer to system-presence, a JSON array; with a filter the rows that match",
    );
  addTarget(command).action(run);
}

function addLog(program: Command, run: (words: readonly string[], flags: LogFlags) => Promise<void>): void {
  const command = program
    .command('log')
    .description('show who came, who went, and why')
    .argument('[who...]', 'a presence key, or a query as of list')
    .option(
      '--since <time>',
      'from then on: 1h, 7d, 03:12, 2026-03-01T03:12 (default: the latest 100 entries)',
    )
    .option('--until <time>', 'up to then')
    .option('--limit <count>', 'at most so many entries')
    .option('--follow', 'go on with what happens, until it is stopped')
    .option('--json', 'print one JSON object per entry, on a line of its own');
  addTarget(command).action(run);
}

function addStatus(program: Command, run: (flags: StatusFlags) => Promise<void>): void {
  addTarget(
    program.command('status').description('print one line: how many are online (exit code 1: a problem)'),
  )
    .option('--json', 'as JSON')
    .action(run);
}

function addOpen(program: Command, run: (flags: OpenFlags) => Promise<void>): void {
  addTarget(program.command('open').description('open the page in a browser, signed in'))
    .option('--print', 'only print the address; it holds the token')
    .option('--qr', 'print a QR code for a phone in the same network')
    .action(run);
}

function addCompletion(
  program: Command,
  print: (text: string) => void,
  end: (result: Result<unknown>) => void,
): void {
  program
    .command('completion')
    .description('print a completion script: source <(rollcall completion bash)')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (name: string) => {
      const { completionScript, completionShells } = await import('./completion.ts');
      const shell = completionShells.find((known) => known === name);
      if (shell === undefined) return end(misused(`no completion for "${name}": bash, zsh or fish`));
      print(completionScript(program, shell));
    });
}

function addHelp(program: Command, end: (result: Result<unknown>) => void): void {
  program
    .command('help')
    .description('show the help of a command')
    .argument('[command...]')
    .action((words: readonly string[]) => {
      let command = program;
      for (const word of words) {
        const found = command.commands.find((child) => child.name() === word);
        if (found === undefined) {
          const names = command.commands.map((child) => child.name());
          return end(misused(`unknown command "${word}"${didYouMean(word, names)}`));
        }
        command = found;
      }
      command.outputHelp();
    });
}

function addWatch(program: Command, run: (flags: WatchFlags) => Promise<void>): void {
  addTarget(program.command('watch').description('show who is connected, live; ? lists the keys'))
    .option('--json', 'print one JSON object per change, on a line of its own')
    .action(async (flags: WatchFlags) => run(flags));
}

function addMcp(program: Command, run: (flags: TargetFlags) => Promise<void>): void {
  addTarget(
    program
      .command('mcp')
      .description('answer language models by the Model Context Protocol, on standard input and output'),
  ).action(async (flags: TargetFlags) => run(flags));
}

function addBeacon(program: Command, run: (target: TargetFlags, flags: BeaconFlags) => Promise<void>): void {
  const command = program.command('beacon').description('report an instance once (this computer by default)');
  for (const { flag, kind, help } of beaconFields) command.option(`--${flag} <${kind.placeholder}>`, help);
  addTarget(command).action(async (flags: TargetFlags & Record<string, string | undefined>) => {
    const facts = beaconFields.map(({ flag, parameter }) => [parameter, flags[camelCase(flag)]] as const);
    await run(flags, Object.fromEntries(facts.filter(([, value]) => value !== undefined)));
  });
}

function addAnnotations(
  program: Command,
  run: (key: string, change: AnnotateWords, flags: TargetFlags) => Promise<void>,
): void {
  addTarget(
    program.command('name').description('call a machine by a name of your own; without a name, take it back'),
  )
    .argument('<key>', 'key, name or host of the machine, as rollcall list shows it')
    .argument('[name...]', 'for example Reception')
    .option('--owner <name>', 'whose it is; "" takes it back')
    .option('--note <text>', 'anything else; "" takes it back')
    .action(async (key: string, name: readonly string[], flags: NameFlags) => {
      const isOnlyMore = name.length === 0 && (flags.owner ?? flags.note) !== undefined;
      await run(key, { ...flags, ...(!isOnlyMore && { name: name.join(' ') }) }, flags);
    });
  addTarget(
    program
      .command('label')
      .description('give a machine labels and take them away: rollcall label KEY +prod -test')
      .allowUnknownOption(),
  )
    .argument('<key>', 'key, name or host of the machine, as rollcall list shows it')
    .argument('<labels...>', '+LABEL gives one, -LABEL takes one away')
    .action(async (key: string, labels: readonly string[], flags: TargetFlags) =>
      run(key, { labels }, flags),
    );
}

function addCall(program: Command, run: (method: string, flags: CallFlags) => Promise<void>): void {
  addTarget(program.command('call').description('call a method of the gateway and print the answer as JSON'))
    .argument('<method>', 'for example health, status, system-presence, config.get')
    .option('--params <json>', 'parameters of the method')
    .action(async (method: string, flags: CallFlags) => run(method, flags));
}

function addDoctor(program: Command, run: (flags: TargetFlags) => Promise<void>): void {
  addTarget(
    program
      .command('doctor')
      .description('check the way to the gateway and its roster, step by step, and say what to change'),
  ).action(async (flags: TargetFlags) => run(flags));
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
