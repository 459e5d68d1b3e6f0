/** Which command a service keeps running. */
export type ServiceKind = 'agent' | 'gateway';

/** What service managers show people about each. */
export const serviceDescriptions: Readonly<Record<ServiceKind, string>> = {
  agent: 'Rollcall agent: reports this computer to a presence gateway',
  gateway: 'Rollcall gateway: shows who is connected',
};

/** What the service runs: this program as an agent or a gateway, with settings from a file that only its owner can read. */
export interface ServiceDefinition {
  readonly kind: ServiceKind;
  /** Absolute path of the Node binary. */
  readonly nodePath: string;
  /** Absolute path of the `rollcall` script. */
  readonly scriptPath: string;
  /** Absolute path of the file with gateway address and secret; see `environment-file.ts`. */
  readonly environmentFile: string;
  /** Flags of the command; never a secret, since anybody can read service files and process lists. */
  readonly flags: readonly string[];
}

/** Program and arguments. Node itself reads the environment file, so all three service managers need no feature for it. */
export function serviceCommand(definition: ServiceDefinition): readonly [string, ...string[]] {
  const { kind, nodePath, scriptPath, environmentFile, flags } = definition;
  return [nodePath, `--env-file=${environmentFile}`, scriptPath, kind, ...flags];
}

/** A setting that a service cannot be given; the message names it and, for a secret, never its value. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}
