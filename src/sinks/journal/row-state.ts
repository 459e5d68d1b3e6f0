import type { Cause, Change, InstanceView } from '../../core/index.ts';
import type { JournalKind, RowState } from './journal-entry.ts';
import { isActive, type KnownRow } from './known-row.ts';

/** The state of a listed row. */
export function rowState(view: InstanceView): Exclude<RowState, 'gone'> {
  if (view.unreachableSinceMs !== undefined) return 'unreachable';
  if (view.connections > 0 || isGateway(view)) return 'online';
  return view.disconnectedAtMs === undefined ? 'reporting' : 'disconnected';
}

/** True for the row of a gateway, which only that gateway writes (PR2). */
export function isGateway(view: InstanceView): boolean {
  return view.self === true || (view.mode === 'gateway' && view.reason === 'self');
}

/** The kind of entry for a change of state; a row that was not listed is `gone` before. */
export function kindOf(view: InstanceView, isNew: boolean, before: RowState, after: RowState): JournalKind {
  if (isGateway(view) && before !== after)
    return after === 'unreachable' ? 'gateway-unreachable' : 'gateway-up';
  if (isNew) return 'joined';
  if (before === 'gone' || (before === 'disconnected' && isActive(after))) return 'returned';
  return after === 'disconnected' && before !== after ? 'left' : 'changed';
}

const connected: Cause = { code: 'connected' };
const reported: Cause = { code: 'connected', evidence: 'first report, without a connection' };
const unknown: Cause = { code: 'unknown' };

/** Why a row appeared for the first time. */
export function joinCause(cause: Cause | undefined, state: RowState): Cause {
  if (cause !== undefined) return cause;
  return state === 'online' ? connected : state === 'reporting' ? reported : unknown;
}

/** The cause of a change of state; `undefined` when the state is the same. */
export function stateCause(
  given: Cause | undefined,
  known: KnownRow,
  after: RowState,
  atMs: number,
): Cause | undefined {
  const { state: before, left } = known;
  if (before === after) return undefined;
  if (left !== undefined && !isActive(before) && isActive(after))
    return returnCause(given, left.cause, atMs - left.atMs);
  if (given !== undefined) return given;
  if (after === 'unreachable') return { code: 'gateway-unreachable' };
  return after === 'online' ? connected : unknown;
}

/** Why a row is not listed any more. */
export function removalCause({ cause, trigger }: Pick<Change, 'cause' | 'trigger'>, before: RowState): Cause {
  if (before === 'unreachable' && trigger === 'expired') {
    return {
      code: 'gateway-unreachable',
      evidence: 'its gateway could not be reached until the row expired',
    };
  }
  if (cause !== undefined) return cause;
  if (trigger === 'expired') return { code: 'expired' };
  if (trigger === 'evicted') return { code: 'evicted', evidence: 'the roster was full' };
  return trigger === 'taken-over' ? { code: 'replaced' } : unknown;
}

/** The cause of a return, with how long the instance was away as evidence. */
function returnCause(given: Cause | undefined, left: Cause | undefined, awayMs: number): Cause {
  if (given !== undefined && given.code !== 'connected') return given;
  const after = `after ${Math.max(0, Math.round(awayMs / 1000))} s`;
  if (left?.code === 'gateway-restart')
    return { code: 'reconnected', evidence: `${after}, its gateway restarted` };
  if (left?.code === 'gateway-unreachable') {
    return { code: 'reconnected', evidence: `its gateway can be reached again ${after}` };
  }
  return { code: 'reconnected', evidence: after };
}
