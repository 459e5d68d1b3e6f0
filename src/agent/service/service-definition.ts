/** What the service runs: this program as an agent, with settings from a file that only its owner can read. */
export interface ServiceDefinition {
  /** Absolute path of the Node binary. */
  readonly nodePath: string;
  /** Absolute path of the `rollcall` script. */
  readonly scriptPath: string;
  /** Absolute path of the file with gateway address and secret; see `environment-file.ts`. */
  readonly environmentFile: string;
  /** Flags of `rollcall agent`; never a secret, since anybody can read service files and process lists. */
  readonly flags: readonly string[];
}

/** Program and arguments. Node itself reads the environment file, so all three service managers need no feature for it. */
export function serviceCommand(definition: ServiceDefinition): readonly [string, ...string[]] {
  const { nodePath, scriptPath, environmentFile, flags } = definition;
  return [nodePath, `--env-file=${environmentFile}`, scriptPath, 'agent', ...flags];
}
