/** Why a command ends without having done its work: what the person reads, and the exit code. */
export interface Failure {
  /** 1: refused or unreachable. 2: the command or its settings are wrong. */
  readonly exitCode: 1 | 2;
  /** One line per problem: what is wrong, then what to do. Never contains a secret. */
  readonly message: string;
}

/** A value, or the reason why there is none. Expected refusals travel as values. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A result that holds a value. */
export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** The command was right, but the world said no (exit code 1). */
export function refused(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { exitCode: 1, message } };
}

/** The command or a setting is wrong (exit code 2). */
export function misused(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { exitCode: 2, message } };
}
