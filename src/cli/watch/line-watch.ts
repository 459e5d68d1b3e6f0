import { type ClientState, type PresenceClient, RefusedError } from '../../client/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { ok, type Result, refused } from '../result.ts';
import type { Shell } from '../shell.ts';
import { changeJson, changeLine } from './change-text.ts';
import { explainRefusal, linkText } from './link-text.ts';

/** What a watch by lines depends on. */
export interface LineWatchOptions {
  readonly client: PresenceClient;
  readonly target: GatewayTarget;
  readonly shell: Shell;
  readonly json: boolean;
}

/**
 * Prints one line per change, the rows that are there first, until a stop signal or a refusal for good.
 *
 * Standard output carries changes only; the state of the connection is printed on standard error, once for each change of it.
 */
export async function watchLines({ client, target, shell, json }: LineWatchOptions): Promise<Result<void>> {
  const textOf = json ? changeJson : changeLine;
  const changes = client.changes();
  const forget = shell.onStopSignal(() => client.stop());
  let phase: ClientState['phase'] = 'idle';
  let outcome: Result<void> = ok(undefined);
  client.subscribe(() => {
    const { state } = client;
    if (state.phase === phase) return;
    const isBack = phase === 'reconnecting' && state.phase === 'connected';
    phase = state.phase;
    if (state.phase === 'refused') {
      outcome = refused(explainRefusal(state, target));
      client.stop();
    } else if (isBack) shell.complain('rollcall: connected again');
    else if (state.phase === 'reconnecting')
      shell.complain(`rollcall: reconnecting: ${linkText(state, target, shell.nowMs()).explanation}`);
  });
  client.start();
  try {
    for await (const change of changes) shell.print(textOf(change, client.serverNowMs()));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
  }
  forget();
  return outcome;
}
