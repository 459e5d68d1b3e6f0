import { type GatewayCall, openGatewayCall } from './gateway-call.ts';
import { resolveTarget, type TargetFlags } from './gateway-target.ts';
import type { Result } from './result.ts';
import type { Shell } from './shell.ts';

/** What every command is given. */
export interface CommandContext {
  readonly shell: Shell;
  /** Version of this program. */
  readonly version: string;
  /** JSON Schema of the configuration file, for editors; absent when it is not installed. */
  readonly schemaFile?: string;
  /** Index of the documents; absent when they are not installed. */
  readonly docsFile?: string;
}

/**
 * Connects to the gateway that the flags and the environment name, runs `work` and closes the connection.
 *
 * @returns what the work returned, or why the gateway could not be reached.
 */
export async function withGateway<T>(options: {
  readonly context: CommandContext;
  readonly flags: TargetFlags;
  readonly scopes: readonly string[];
  readonly work: (call: GatewayCall) => Promise<Result<T>>;
}): Promise<Result<T>> {
  const { shell, version } = options.context;
  const target = resolveTarget(options.flags, shell);
  if (!target.ok) return target;
  const call = await openGatewayCall({
    target: target.value,
    scopes: options.scopes,
    version,
    platform: shell.platform,
    nowMs: shell.nowMs,
  });
  if (!call.ok) return call;
  try {
    return await options.work(call.value);
  } finally {
    call.value.close();
  }
}
