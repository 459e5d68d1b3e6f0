import { Command, CommanderError } from 'commander';
import { addAgent } from './agent-program.ts';
import { type BeaconFlags, runBeacon } from './beacon-command.ts';
import { beaconFields } from './beacon-fields.ts';
import { type CallFlags, runCall } from './call-command.ts';
import type { CommandContext } from './command-context.ts';
import { addConfig } from './config-program.ts';
import { runDoctor } from './doctor-command.ts';
import { runGateway } from './gateway-command.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { TargetFlags } from './gateway-target.ts';
import { type ListFlags, runList } from './list-command.ts';
import type { Result } from './result.ts';
import { addSettingFlags, readSettingFlags, settingsHelp } from './setting-flags.ts';
import { addTarget } from './target-flags.ts';
import { addTokens } from './token-program.ts';
import { runWatch, type WatchFlags } from './watch-command.ts';
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
    await buildProgram(options, ending).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return ending.code;
}

/** Where the exit code of the command that ran is put. */
interface Ending {
  code: number;
}

function buildProgram({ context, loadGateway }: ProgramOptions, ending: Ending): Command {
  const { shell } = context;
  const program = new Command('rollcall')
    .description('A presence gateway and its tools: who is connected, live.')
    .version(context.version, '-V, --version', 'print the version')
    .option('--no-color', 'plain output (so does the variable NO_COLOR, and output to a file or pipe)')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('(add --help for the commands and flags)')
    .configureOutput({
      writeOut: (text) => shell.print(fitTo(shell.columns, text.trimEnd())),
      writeErr: (text) => shell.complain(text.trimEnd()),
    })
    .exitOverride()
    .addHelpText('after', firstSteps);
  const end = (result: Result<unknown>): void => {
    if (result.ok) return;
    for (const line of result.failure.message.split('\n')) shell.complain(`rollcall: ${line}`);
    ending.code = result.failure.exitCode;
  };
  addGateway(program, async (flags) => end(await runGateway(context, flags, loadGateway)));
  addAgent(program, { context, end });
  addTokens(program, { context, end });
  addConfig(program, { context, end });
  addList(program, async (flags) => end(await runList(context, flags)));
  addWatch(program, async (flags) => end(await runWatch(context, flags)));
  addBeacon(program, async (target, flags) => end(await runBeacon(context, target, flags)));
  addCall(program, async (method, flags) => end(await runCall(context, method, flags)));
  addDoctor(program, async (flags) => {
    const result = await runDoctor(context, flags);
    end(result);
    if (result.ok && result.value > 0) ending.code = 1;
  });
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

function addGateway(program: Command, run: (flags: Parameters<typeof runGateway>[1]) => Promise<void>): void {
  const command = program
    .command('gateway')
    .description('start the gateway; it runs until Ctrl+C')
    .option('--config <file>', 'configuration file in JSON (ROLLCALL_CONFIG)');
  addSettingFlags(command);
  command.option(
    '--upstream <name=url>',
    'read the presence of this gateway too (repeatable); of OpenClaw on this computer the token is found by itself',
    (text: string, before: readonly string[] = []) => [...before, text],
  );
  command
    .addHelpText('after', settingsHelp)
    .action(async (flags: Record<string, string> & { upstream?: readonly string[] }) => {
      await run({
        settings: readSettingFlags(flags),
        ...(flags.upstream !== undefined && { upstreams: flags.upstream }),
        ...(flags['config'] !== undefined && { configFile: flags['config'] }),
      });
    });
}

function addList(program: Command, run: (flags: ListFlags) => Promise<void>): void {
  addTarget(program.command('list').description('show who is connected'))
    .option('--json', "print the gateway's answer to system-presence, a JSON array")
    .action(async (flags: ListFlags) => run(flags));
}

function addWatch(program: Command, run: (flags: WatchFlags) => Promise<void>): void {
  addTarget(program.command('watch').description('show who is connected, live; ? lists the keys'))
    .option('--json', 'print one JSON object per change, on a line of its own')
    .action(async (flags: WatchFlags) => run(flags));
}

function addBeacon(program: Command, run: (target: TargetFlags, flags: BeaconFlags) => Promise<void>): void {
  const command = program.command('beacon').description('report an instance once (this computer by default)');
  for (const { flag, kind, help } of beaconFields) command.option(`--${flag} <${kind.placeholder}>`, help);
  addTarget(command).action(async (flags: TargetFlags & Record<string, string | undefined>) => {
    const facts = beaconFields.map(({ flag, parameter }) => [parameter, flags[camelCase(flag)]] as const);
    await run(flags, Object.fromEntries(facts.filter(([, value]) => value !== undefined)));
  });
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
