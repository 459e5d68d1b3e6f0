import type { RunOutcome } from '../run.ts';

/** A file of a service. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  /** `utf16le` files begin with a byte order mark. */
  readonly encoding: 'utf8' | 'utf16le';
  /** Permission bits. */
  readonly mode: number;
}

/** A program that is run to change or read a service. */
export interface ServiceCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The outcome does not matter: there may be nothing to end. */
  readonly optional?: true;
}

/** How one service manager keeps an agent running, as plain data; `ServiceInstaller` carries it out. */
export interface ServicePlan {
  /** The service manager, for people. */
  readonly manager: string;
  /** What the manager reads. The service counts as installed while the first of them exists. */
  readonly files: readonly [ServiceFile, ...ServiceFile[]];
  /** Run in order once the files are there. */
  readonly install: readonly ServiceCommand[];
  /** Run in order before the files are removed. */
  readonly stop: readonly ServiceCommand[];
  /** Run in order after the files are removed. */
  readonly forget: readonly ServiceCommand[];
  readonly status: ServiceCommand;
  /** Whether the outcome of `status` says that the agent runs. */
  readonly isRunning: (outcome: RunOutcome) => boolean;
  /** How a person reads the agent's output: a command or a path. */
  readonly readLog: string;
  /** A hint for after the installation. */
  readonly hint?: string;
}
