import {
  type Cause,
  type CauseCode,
  type Change,
  type Instant,
  lastInputSecondsAt,
} from '../../core/index.ts';
import { isDisconnected } from '../../viewer/index.ts';
import type { Due } from './due-queue.ts';
import type { Notice, NoticedRow } from './notice.ts';
import type { CompiledRule, HostBounds } from './notice-rule.ts';

/** How a listed row stands for notices: there, away, or nobody knows because its gateway cannot be reached. */
export type Standing = 'present' | 'away' | 'unknown';

/** Departures that are told of as one thing: so many within so many milliseconds (PN5, as PJ6). */
export interface FlappingBounds {
  readonly flappingLeaves: number;
  readonly flappingMs: number;
}

/** What the rules know of one instance or gateway. */
export interface Subject {
  key: string;
  readonly isGateway: boolean;
  /** The latest row; of one that is away the last before it left. */
  row: NoticedRow;
  standing: Standing;
  /** Why it is away. */
  awayCause: Cause | undefined;
  /** Nobody saw it leave: its gateway was lost, or it was pushed out of a full roster. Its return is none (PN2, PN5). */
  leftUnseen: boolean;
  /** A gateway that was lost; stays so until it is reached again. */
  isDown: boolean;
  /** Moments of the latest departures, at most `flappingLeaves`. */
  departures: number[] | undefined;
  /** When it has been steady for long enough; in the past for one that does not flap. */
  flapsUntilMonoMs: number;
  /** When somebody used it last, as far as is known. */
  inputMonoMs: number | undefined;
  /** One for each rule whose condition is met, or waits to be met. */
  readonly cells: Map<CompiledRule, Cell>;
}

/**
 * Where a rule stands with a subject:
 *
 * - `pending`: so, but not for long enough; - `armed`: `in-use` waits for a use; - `spent`: so, but not to be said;
 * - `open`: said; - `grouped`: said together with others; - `closing`: over, but that is not said yet.
 */
export type Phase = 'pending' | 'armed' | 'spent' | 'open' | 'grouped' | 'closing';

/** One rule and one subject. */
export interface Cell extends Due {
  readonly rule: CompiledRule;
  subject: Subject;
  phase: Phase;
  sinceMonoMs: number;
  sinceMs: number;
  cause: Cause | undefined;
  /** It lost its gateway: it has two minutes to come back, whatever the rule says (PN5). */
  lostGateway: boolean;
  detail: string | undefined;
  row: NoticedRow;
  notice: Notice | undefined;
  repeatMonoMs: number;
  /** Of a group: the cells in it that are still so. */
  members: Set<Cell> | undefined;
}

/** What happened to an instance because of its gateway: it is a matter of `gateway-unreachable`, and comes back by itself (PN5). */
export const gatewayCauses: ReadonlySet<CauseCode> = new Set(['gateway-restart', 'gateway-unreachable']);

/** How a listed row stands. */
export function standingOf(row: NoticedRow): Standing {
  if (isDisconnected(row)) return 'away';
  return row.unreachableSinceMs === undefined ? 'present' : 'unknown';
}

/** True for a removal that says nothing of the instance: nobody can tell, or it is listed under another key. */
export function saysNothing({ trigger }: Change, standing: Standing): boolean {
  return standing === 'unknown' && (trigger === 'expired' || trigger === 'evicted');
}

/** Notes a departure; true when the instance flaps: it goes on to until there was none for `flappingMs`. */
export function noteDeparture(subject: Subject, monoMs: number, bounds: FlappingBounds): boolean {
  subject.departures ??= [];
  subject.departures.push(monoMs);
  if (subject.departures.length > bounds.flappingLeaves) subject.departures.shift();
  const first = subject.departures[0] ?? monoMs;
  const isOften = subject.departures.length === bounds.flappingLeaves && monoMs - first <= bounds.flappingMs;
  if (!isOften && subject.flapsUntilMonoMs <= monoMs) return false;
  subject.flapsUntilMonoMs = monoMs + bounds.flappingMs;
  return true;
}

/** Seconds are rounded down: a moment so much later than the one before may be the same. */
const inputSlackMs = 1_500;

/** Takes the last input of a row; true when somebody used it since. */
export function noteInput(subject: Subject, row: NoticedRow, now: Instant): boolean {
  const seconds = lastInputSecondsAt(row, now.wallMs);
  if (seconds === undefined) return false;
  const atMonoMs = now.monoMs - seconds * 1_000;
  const before = subject.inputMonoMs;
  if (before !== undefined && atMonoMs <= before + inputSlackMs) return false;
  subject.inputMonoMs = atMonoMs;
  return before !== undefined;
}

/** Which bounds the machine of a row exceeds, in words; `undefined` when none. */
export function exceeded(row: NoticedRow, above: HostBounds): string | undefined {
  const stats = row.hostStats;
  if (stats === undefined) return undefined;
  const { memoryTotalBytes, memoryFreeBytes, diskTotalBytes, diskAvailableBytes, cpuCount, loadAverage } =
    stats;
  const found: string[] = [];
  const used = (total: number, free: number): number => (total > 0 ? (100 * (total - free)) / total : 0);
  const memory = used(memoryTotalBytes, memoryFreeBytes);
  if (above.memory !== undefined && memory > above.memory)
    found.push(`memory ${Math.floor(memory)} % in use`);
  if (above.disk !== undefined && diskTotalBytes !== undefined && diskAvailableBytes !== undefined) {
    const disk = used(diskTotalBytes, diskAvailableBytes);
    if (disk > above.disk) found.push(`disk ${Math.floor(disk)} % in use`);
  }
  const load = loadAverage === undefined ? 0 : loadAverage[0] / Math.max(1, cpuCount);
  if (above.load !== undefined && load > above.load) found.push(`load ${load.toFixed(1)} per processor`);
  return found.length === 0 ? undefined : found.join(', ');
}
