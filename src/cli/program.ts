import { Command, CommanderError } from 'commander';
import { didYouMean } from '../core/nearest.ts';
import type { CommandContext } from './command-context.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { addBeacon, addCall, addDoctor, addLabel, addName } from './report-program.ts';
import { misused, type Result } from './result.ts';
import {
  addList,
  addLog,
  addMcp,
  addOpen,
  addStatus,
  addWatch,
  type CallProgramOptions,
} from './view-program.ts';
import { hangLine } from './wrap-line.ts';

/** What the commands depend on. */
export interface ProgramOptions {
  readonly context: CommandContext;
  readonly loadGateway: () => Promise<GatewayParts>;
}

/**
 * Runs one command line, without the first two items of `process.argv`.
 *
 * @returns the exit code: 0, 1 refused or unreachable, 2 usage.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<number> {
  const ending = { code: 0 };
  try {
    const words = withoutName(argv);
    const [first = ''] = words;
    const program = await buildProgram(options, ending, isAlone(first) ? [first] : undefined);
    await program.parseAsync(words, { from: 'user' });
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

/** Holds the exit code of the command that ran. */
interface Ending {
  code: number;
}

/** Adds a command to the program. */
type AddCommand = (
  program: Command,
  options: CallProgramOptions & Pick<ProgramOptions, 'loadGateway'>,
) => void | Promise<void>;

/** Every command, in the order of the help. What has many flags of its own is loaded when it is named. */
const commands: Readonly<Record<string, AddCommand>> = {
  gateway: async (program, options) => (await import('./gateway-program.ts')).addGateway(program, options),
  agent: async (program, options) => (await import('./agent-program.ts')).addAgent(program, options),
  token: async (program, options) => (await import('./token-program.ts')).addTokens(program, options),
  upstream: async (program, options) =>
    (await import('./upstream-program.ts')).addUpstreams(program, options),
  config: async (program, options) => (await import('./config-program.ts')).addConfig(program, options),
  notices: async (program, options) => (await import('./notices-program.ts')).addNotices(program, options),
  list: addList,
  log: addLog,
  status: addStatus,
  open: addOpen,
  watch: addWatch,
  mcp: addMcp,
  beacon: addBeacon,
  name: addName,
  label: addLabel,
  call: addCall,
  doctor: addDoctor,
  completion: addCompletion,
  help: addHelp,
};

/** True for a command whose help lists no other commands, so that it can be loaded alone. */
function isAlone(name: string): boolean {
  return Object.hasOwn(commands, name) && name !== 'completion' && name !== 'help';
}

/**
 * The command line, with its help.
 *
 * @param names the commands that it has, all by default: one command starts sooner without the flags of the others.
 */
export async function buildProgram(
  { context, loadGateway }: ProgramOptions,
  ending: Ending = { code: 0 },
  names: readonly string[] = Object.keys(commands),
): Promise<Command> {
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
    .addHelpText('after', firstSteps(context.docsFile));
  const end = (result: Result<unknown>, exitCode = 0): void => {
    ending.code = result.ok ? exitCode : result.error.exitCode;
    if (result.ok) return;
    for (const line of result.error.message.split('\n')) shell.complain(`rollcall: ${line}`);
  };
  for (const name of names) await commands[name]?.(program, { context, loadGateway, end });
  return program;
}

/** Help as wide as the terminal, whatever its lines are. */
function fitTo(columns: number | undefined, text: string): string {
  return text
    .split('\n')
    .flatMap((line) => hangLine(line, columns))
    .join('\n');
}

const firstSteps = (docsFile: string | undefined): string => `
First steps:
  rollcall gateway     start a gateway; it prints how to connect
  rollcall list        see who is connected, in another terminal
  rollcall watch       see it live
  rollcall help list   see what a command can do

Exit codes: 0 done, 1 refused or unreachable, 2 wrong usage.${docsFile === undefined ? '' : `\n\nDocumentation: ${docsFile}`}`;

function addCompletion(program: Command, { context, end }: CallProgramOptions): void {
  program
    .command('completion')
    .description('print a completion script: source <(rollcall completion bash)')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (name: string) => {
      const { completionScript, completionShells } = await import('./completion.ts');
      const shell = completionShells.find((known) => known === name);
      if (shell === undefined) return end(misused(`no completion for "${name}": bash, zsh or fish`));
      context.shell.print(completionScript(program, shell));
    });
}

function addHelp(program: Command, { end }: CallProgramOptions): void {
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
