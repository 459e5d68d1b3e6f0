import type { PresenceClient } from '../client/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import { type GatewayTarget, resolveTarget, type TargetFlags } from './gateway-target.ts';
import type { Result } from './result.ts';
import { readScopes, scopesFor } from './scopes.ts';
import { stateFolder } from './state-folder.ts';

/** Flags of `rollcall watch`. */
export interface WatchFlags extends TargetFlags {
  readonly json?: boolean;
}

/**
 * `rollcall watch`: the roster live, on the whole terminal; a line per change where there is no terminal, or JSON lines with
 * `--json`. Runs until it is left or stopped, or until the gateway refuses it for good.
 */
export async function runWatch(context: CommandContext, flags: WatchFlags): Promise<Result<void>> {
  const { shell } = context;
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  const client = await createWatcher(context, target.value);
  const parts = { client, target: target.value, shell };
  const streams = flags.json ? undefined : shell.terminalStreams?.();
  if (streams === undefined) {
    const { watchLines } = await import('./watch/line-watch.ts');
    return watchLines({ ...parts, json: flags.json === true });
  }
  const [{ watchScreen }, { takeTerminal }, { lastVisits }] = await Promise.all([
    import('./watch/screen-watch.ts'),
    import('./watch/terminal.ts'),
    import('./watch/last-visit.ts'),
  ]);
  return watchScreen({
    ...parts,
    terminal: takeTerminal(streams.input, streams.output),
    visits: lastVisits(stateFolder(shell)),
    acknowledge: (noticeId) => acknowledge(context, flags, noticeId),
  });
}

/** On a separate connection: that of the watch has only the scope for reading. */
async function acknowledge(context: CommandContext, flags: WatchFlags, noticeId: string): Promise<string> {
  const method = 'notices.acknowledge';
  const answer = await withGateway({
    context,
    flags,
    scopes: scopesFor(method),
    work: (call) => call.request(method, { noticeId }),
  });
  return answer.ok ? 'Acknowledged: it is not repeated.' : `Not acknowledged: ${answer.error.message}`;
}

/** A client that only reads: its mode is hidden (PR4), it sends no beacons and stores no id. */
export async function createWatcher(
  { shell, version }: CommandContext,
  target: GatewayTarget,
): Promise<PresenceClient> {
  const [{ createPresenceClient }, { wsSocket }] = await Promise.all([
    import('../client/index.ts'),
    import('../client/node/index.ts'),
  ]);
  return createPresenceClient({
    ...target,
    client: { id: 'cli', mode: 'cli', displayName: 'rollcall', version, platform: shell.platform },
    scopes: readScopes,
    beaconIntervalMs: 0,
    createSocket: wsSocket(),
  });
}
