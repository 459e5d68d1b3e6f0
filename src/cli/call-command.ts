import { type CommandContext, withGateway } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import { misused, ok, type Result } from './result.ts';
import { scopesFor } from './scopes.ts';

/** Flags of `rollcall call METHOD`. */
export interface CallFlags extends TargetFlags {
  /** JSON text. */
  readonly params?: string;
}

/** `rollcall call METHOD`: calls one method and prints its answer as JSON. */
export async function runCall(
  context: CommandContext,
  method: string,
  flags: CallFlags,
): Promise<Result<void>> {
  const params = parseParams(flags.params);
  if (!params.ok) return params;
  return withGateway({
    context,
    flags,
    scopes: scopesFor(method),
    work: async (call) => {
      const answer = await call.request(method, params.value);
      if (!answer.ok) return answer;
      context.shell.print(JSON.stringify(answer.value ?? null, null, 2));
      return ok(undefined);
    },
  });
}

/** `undefined` leaves the params out of the request, as `system-presence` allows. */
function parseParams(text: string | undefined): Result<unknown> {
  if (text === undefined) return ok(undefined);
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return misused(
      `--params is not valid JSON (${(error as Error).message}): write it like --params '{"text":"hello"}'`,
    );
  }
}
