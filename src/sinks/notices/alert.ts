import type { Cause, Instant } from '../../core/index.ts';
import { isGatewayRow } from '../../viewer/index.ts';
import type { Due } from './due-queue.ts';
import type { Notice, NoticedRow } from './notice.ts';
import type { CompiledRule } from './notice-rule.ts';

/** How a listed row stands for notices: there, away, or nobody knows because its gateway cannot be reached. */
export type Standing = 'present' | 'away' | 'unknown';

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
  departureUnknown: boolean;
  /** A gateway that was lost; stays so until it is reached again. */
  isDown: boolean;
  /** Moments of the latest departures, at most `flappingLeaves`. */
  departures: number[] | undefined;
  /** When it has been steady for long enough; in the past for one that does not flap. */
  flapsUntilMonoMs: number;
  /** When somebody used it last, as far as is known. */
  inputMonoMs: number | undefined;
  /** One for each rule whose condition is met, or waits to be met. */
  readonly alerts: Map<CompiledRule, Alert>;
}

/**
 * Where a rule stands with a subject:
 *
 * - `pending`: so, but not for long enough; - `armed`: `in-use` waits for a use; - `suppressed`: so, but not to be said;
 * - `open`: said; - `grouped`: said together with others; - `resolving`: over, but that is not said yet.
 */
export type AlertPhase = 'pending' | 'armed' | 'suppressed' | 'open' | 'grouped' | 'resolving';

/** One rule and one subject for which its condition is met, or waits to be met. */
export interface Alert extends Due {
  readonly rule: CompiledRule;
  subject: Subject;
  phase: AlertPhase;
  sinceMonoMs: number;
  sinceMs: number;
  cause: Cause | undefined;
  /** It lost its gateway: it has two minutes to come back, whatever the rule says (PN5). */
  lostGateway: boolean;
  detail: string | undefined;
  row: NoticedRow;
  notice: Notice | undefined;
  repeatMonoMs: number;
  /** Of a group: the alerts in it that are still so. */
  members: Set<Alert> | undefined;
}

/** Those who lost their gateway have this long to come back, milliseconds, whatever the rule says. */
const gatewayGraceMs = 120_000;

/** The moment of what never falls due. */
export const never: number = Number.POSITIVE_INFINITY;

/** A subject that was not known. */
export function newSubject(row: NoticedRow, standing: Standing): Subject {
  return {
    key: row.key,
    isGateway: isGatewayRow(row),
    row,
    standing,
    awayCause: standing === 'away' ? row.cause : undefined,
    departureUnknown: false,
    isDown: false,
    departures: undefined,
    flapsUntilMonoMs: Number.NEGATIVE_INFINITY,
    inputMonoMs: undefined,
    alerts: new Map(),
  };
}

/** An alert that begins now. */
export function newAlert(
  rule: CompiledRule,
  subject: Subject,
  cause: Cause | undefined,
  now: Instant,
): Alert {
  return {
    rule,
    subject,
    phase: 'pending',
    sinceMonoMs: now.monoMs,
    sinceMs: now.wallMs,
    cause,
    lostGateway: false,
    detail: undefined,
    row: subject.row,
    notice: undefined,
    repeatMonoMs: never,
    members: undefined,
    dueMonoMs: never,
  };
}

/** How long it must be so before it is said (PN4, PN5). */
export function graceMsOf({ rule, lostGateway }: Pick<Alert, 'rule' | 'lostGateway'>): number {
  return lostGateway ? Math.max(rule.forMs, gatewayGraceMs) : rule.forMs;
}

/** When an open alert has something to do: it is to be repeated, or may be steady again. */
export function nextDueOf({ rule, subject, repeatMonoMs }: Alert): number {
  return rule.when === 'flapping' ? Math.min(repeatMonoMs, subject.flapsUntilMonoMs) : repeatMonoMs;
}
