import { constants } from 'node:os';
import type { ReadStream, WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { homeFolder, hostName, ownAddresses, systemRelease } from '../host/index.ts';

/** The process that a command runs in, as far as commands use it. Tests pass a double. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent for a user without one. */
  readonly homeFolder: string | undefined;
  /** Name of this computer. */
  readonly hostName: string | undefined;
  /** Operating system and release, for example `linux 6.18.4`. */
  readonly platform: string;
  /** How this program was invoked, as a person types it ({@link calledAs}); `rollcall` when it is absent. */
  readonly command?: string;
  /** The addresses of this computer; none when it is absent. */
  addresses?(): readonly string[];
  /** Width of the terminal; `undefined` when the output goes elsewhere. */
  readonly columns: number | undefined;
  /** True when output is coloured: a terminal, and neither `NO_COLOR` nor `--no-color`. */
  readonly colour: boolean;
  /** Milliseconds since the epoch by this computer. */
  nowMs(): number;
  /** The streams of the terminal; undefined when input or output is no terminal, or for a dumb one. */
  terminalStreams?(): { readonly input: ReadStream; readonly output: WriteStream } | undefined;
  /** Writes to standard output and ends the line. */
  print(text: string): void;
  /** Writes to standard error and ends the line. */
  complain(text: string): void;
  /** Calls back at each SIGINT, SIGTERM or SIGHUP (a terminal that was closed); the returned function ends that. */
  onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Calls back on an uncaught error or rejection; without a listener it ends the process. */
  onFault(listener: (fault: unknown, origin: string) => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The real process. */
export function createProcessShell(argv: readonly string[]): Shell {
  const { env, stdout, stderr } = process;
  return {
    env,
    homeFolder: homeFolder(),
    hostName: hostName(),
    platform: [process.platform, systemRelease()].filter((part) => part !== undefined).join(' '),
    command: calledAs(env),
    addresses: ownAddresses,
    columns: stdout.isTTY ? stdout.columns : undefined,
    colour: wantsColour(stdout.isTTY, env, argv),
    nowMs: () => Date.now(),
    terminalStreams: () =>
      process.stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb'
        ? { input: process.stdin, output: stdout }
        : undefined,
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    onStopSignal,
    onFault: (listener) => void process.on('uncaughtException', listener),
    exit: (code) => process.exit(code),
  };
}

/** How this program was invoked, so that printed commands can be typed: by its name, by npx or from its repository. */
export function calledAs(env: Shell['env']): string {
  const { npm_command: command, npm_config_package: from, npm_package_name: project } = env;
  if (command === 'exec') return from ? `npx -p ${from} rollcall` : 'npx rollcall';
  const isRepository = command !== undefined && project === 'rollcall';
  return isRepository ? 'node dist/bin/main.js' : 'rollcall';
}

/** Colour is for terminals, unless `NO_COLOR` (any value but the empty one), `--no-color` or a dumb terminal turns it off. */
export function wantsColour(
  isTerminal: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): boolean {
  return isTerminal === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && !argv.includes('--no-color');
}

/** Text in a colour or weight, or as it is. */
export function paint(
  shell: Pick<Shell, 'colour'>,
  style: Parameters<typeof styleText>[0],
  text: string,
): string {
  return shell.colour ? styleText(style, text, { validateStream: false }) : text;
}

function onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
  };
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of a process that a signal ended, as shells report it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
