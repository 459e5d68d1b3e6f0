import type { Change, Upsert } from './change.ts';
import type { MergedRow } from './merged-row.ts';
import type { RegisterTable } from './register-table.ts';
import { presenceKey } from './text-form.ts';

/**
 * The row that a client left behind under another key, here or at another gateway, when it now connected anew (PK8).
 *
 * A row whose gateway cannot be reached may still be connected there: it is not superseded.
 */
export function supersededRow(change: Change, table: RegisterTable): MergedRow | undefined {
  if (change.kind !== 'upsert' || change.trigger !== 'connect') return undefined;
  const { view, key, previousKey } = change;
  if (previousKey !== undefined) return ifSuperseded(table.get(previousKey), change);
  // Listed again is not new: a row with older connections may have been out of the list for a while.
  const isNew = view.firstSeenAtMs === view.connectedAtMs && view.connectedAtMs === view.ts;
  if (change.previous !== undefined || !isNew || view.instanceId === undefined) return undefined;
  const candidates = [...table.ofDevice(view.deviceId)].filter(
    (row) => row.key !== key && ifSuperseded(row, change),
  );
  return candidates.sort((a, b) => (b.view?.ts ?? 0) - (a.view?.ts ?? 0))[0];
}

function ifSuperseded(row: MergedRow | undefined, { view: { mode } }: Upsert): MergedRow | undefined {
  const view = row?.view;
  if (view === undefined || row?.isGateway === true || view.unreachableSinceMs !== undefined)
    return undefined;
  return view.connections === 0 && presenceKey(view.mode) === presenceKey(mode) ? row : undefined;
}
