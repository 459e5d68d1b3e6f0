import { err, type Result as Outcome, ok } from '../core/index.ts';

export { ok };

/** Why a command ends without having done its work: what the person reads, and the exit code. */
export interface Failure {
  /** 1: refused or unreachable. 2: the command or its settings are wrong. */
  readonly exitCode: 1 | 2;
  /** One line per problem: what is wrong, then what to do. Never contains a secret. */
  readonly message: string;
}

/** The outcome of a command, or of a step of one. */
export type Result<T> = Outcome<T, Failure>;

/** The command was correct, but the gateway refused or could not be reached (exit code 1). */
export function refused(message: string): Result<never> {
  return err({ exitCode: 1, message });
}

/** The command or a setting is wrong (exit code 2). */
export function misused(message: string): Result<never> {
  return err({ exitCode: 2, message });
}
