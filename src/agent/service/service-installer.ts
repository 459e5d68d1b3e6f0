import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../core/index.ts';
import { replaceFile } from '../../host/index.ts';
import type { Run } from '../run.ts';
import type { ServiceCommand, ServiceFile, ServicePlan } from './service-plan.ts';

/** The file operations of an installer; `systemServiceFiles` are the real ones. */
export interface ServiceFiles {
  /** Replaces the file as a whole; folders are made as needed. */
  write(file: ServiceFile): Promise<void>;
  /** Removes the file if it is there. */
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
}

/** Done, or an error message with what to do. */
export type InstallResult = Result<void, string>;

/** State of a service. */
export interface ServiceStatus {
  readonly installed: boolean;
  readonly running: boolean;
}

/** What an installer depends on. */
export interface InstallerOptions {
  readonly plan: ServicePlan;
  /** Holds the secret: only its owner may read it. */
  readonly environment: ServiceFile;
  readonly files: ServiceFiles;
  readonly run: Run;
}

/** Installs, removes and inspects the service of an agent, as its plan says. Doing any of it twice is harmless. */
export class ServiceInstaller {
  readonly #options: InstallerOptions;

  /** Throws a TypeError when others could read the environment file. */
  constructor(options: InstallerOptions) {
    if ((options.environment.mode & 0o077) !== 0)
      throw new TypeError('the environment file must be closed to others');
    this.#options = options;
  }

  /** Writes the files, then starts the service; one that runs already is replaced. */
  async install(): Promise<InstallResult> {
    const { plan, environment, files } = this.#options;
    try {
      for (const file of [environment, ...plan.files]) await files.write(file);
    } catch (error) {
      return err(`cannot write the service: ${(error as Error).message}`);
    }
    return this.#runAll(plan.install);
  }

  /** Stops the service and removes its files, the secret too. The identity of the agent is kept for the next installation. */
  async uninstall(): Promise<InstallResult> {
    const { plan, environment, files } = this.#options;
    const stopped = await this.#runAll(plan.stop);
    if (!stopped.ok) return stopped;
    try {
      for (const { path } of [...plan.files, environment]) await files.remove(path);
    } catch (error) {
      return err(`cannot remove the service: ${(error as Error).message}`);
    }
    return this.#runAll(plan.forget);
  }

  /** Queries the service manager. */
  async status(): Promise<ServiceStatus> {
    const { plan, files, run } = this.#options;
    const installed = await files.exists(plan.files[0].path);
    if (!installed) return { installed, running: false };
    return { installed, running: plan.isRunning(await run(plan.status.program, plan.status.args)) };
  }

  async #runAll(commands: readonly ServiceCommand[]): Promise<InstallResult> {
    for (const { program, args, optional } of commands) {
      const outcome = await this.#options.run(program, args);
      if (outcome.ok || optional) continue;
      const command = [program, ...args].join(' ');
      return err(`${outcome.error}. The files are in place; when that is mended run: ${command}`);
    }
    return ok(undefined);
  }
}

/** Files on disk. A file appears whole, with its permissions, or not at all. */
export function systemServiceFiles(): ServiceFiles {
  return {
    write: async ({ path, text, encoding, mode }) => {
      await mkdir(dirname(path), { recursive: true });
      replaceFile(path, encoding === 'utf16le' ? Buffer.from(`\uFEFF${text}`, encoding) : text, mode);
    },
    remove: (path) => rm(path, { force: true }),
    exists: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
  };
}
