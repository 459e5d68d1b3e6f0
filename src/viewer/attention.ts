import type { HostStats, InstanceView, ListedRow } from '../core/index.ts';
import type { PresenceState } from './presence-state.ts';

/** The part of a row from which attention follows. */
export type AttendedRow = ListedRow & Partial<Pick<InstanceView, 'hostStats' | 'annotations'>>;

/** Why a row needs attention; the most severe reason counts. */
export type Attention =
  | { readonly why: 'disconnected' | 'unreachable' | 'idle' | 'stale' }
  | { readonly why: 'flapping'; readonly leaves: number }
  | { readonly why: 'load'; readonly share: HostShare };

/** A row that disconnected longer ago needs no attention, milliseconds. */
const newsMs = 600_000;

/** From this share on, a processor, a memory or a disk is full. */
export const fullShare = 0.9;

/** True for a viewer, such as a page, which only reads the roster. */
export function isViewer(row: Pick<ListedRow, 'mode'>): boolean {
  return row.mode === 'viewer';
}

/** Why a row needs attention (PS6); undefined when it does not, when it is muted, and for viewers. */
export function attentionOf(
  row: AttendedRow,
  {
    state,
    nowMs,
    leaves,
  }: { readonly state: PresenceState; readonly nowMs: number; readonly leaves: number },
): Attention | undefined {
  if (isViewer(row) || row.annotations?.mute) return undefined;
  const leftMs = row.disconnectedAtMs ?? row.ts;
  if (state === 'disconnected') return nowMs - leftMs < newsMs ? { why: state } : undefined;
  if (state === 'unreachable' || state === 'idle' || state === 'stale') return { why: state };
  if (leaves >= 3) return { why: 'flapping', leaves };
  const share = row.hostStats && hostShares(row.hostStats).find((each) => each.share >= fullShare);
  return share && { why: 'load', share };
}

/** How much of something is used, from 0 to 1. */
export interface HostShare {
  readonly name: 'cpu' | 'memory' | 'disk';
  readonly share: number;
}

/** Used shares of a machine: load of the last minute per processor, memory, disk. */
export function hostShares(stats: HostStats): readonly HostShare[] {
  const { cpuCount, loadAverage, memoryTotalBytes, memoryFreeBytes, diskTotalBytes, diskAvailableBytes } =
    stats;
  const shares: HostShare[] = [];
  if (loadAverage !== undefined && cpuCount > 0) {
    shares.push({ name: 'cpu', share: bounded(loadAverage[0] / cpuCount) });
  }
  if (memoryTotalBytes > 0)
    shares.push({ name: 'memory', share: bounded(1 - memoryFreeBytes / memoryTotalBytes) });
  if (diskTotalBytes !== undefined && diskAvailableBytes !== undefined && diskTotalBytes > 0) {
    shares.push({ name: 'disk', share: bounded(1 - diskAvailableBytes / diskTotalBytes) });
  }
  return shares;
}

function bounded(share: number): number {
  return Math.min(1, Math.max(0, share));
}
