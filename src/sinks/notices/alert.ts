import type { Cause, Instant } from '../../core/index.ts';
import { isGatewayRow } from '../../viewer/index.ts';
import type { Due } from './due-queue.ts';
import type { Notice, NoticedRow } from './notice.ts';
import type { CompiledRule } from './notice-rule.ts';

/** Status of a listed row for notices: present, away, or unknown because its gateway cannot be reached. */
export type Standing = 'present' | 'away' | 'unknown';

/** State of one instance or gateway for the rules. */
export interface Subject {
  key: string;
  readonly isGateway: boolean;
  /** The latest row; when it is away, the last before it left. */
  row: NoticedRow;
  standing: Standing;
  /** Why it is away. */
  awayCause: Cause | undefined;
  /** Its departure was not observed: its gateway was lost, or it was evicted from a full roster. Its return is no event (PN2, PN5). */
  departureUnknown: boolean;
  /** A gateway that was lost; stays so until it is reached again. */
  isDown: boolean;
  /** Moments of the latest departures, at most `flappingLeaves`. */
  departures: number[] | undefined;
  /** When it has been steady for long enough; in the past for one that does not flap. */
  flapsUntilMonoMs: number;
  /** When it was last used, as far as is known. */
  inputMonoMs: number | undefined;
  /** One for each rule whose condition is met, or is armed. */
  readonly alerts: Map<CompiledRule, Alert>;
}

/**
 * State of a rule for a subject:
 *
 * - `pending`: the condition is met, but not for long enough; - `armed`: `in-use` waits for a use; - `suppressed`: met, but without a notice;
 * - `open`: there is a notice; - `grouped`: in the notice of a group; - `resolving`: over, but the end was not sent yet.
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
  /** True when its gateway was lost: it has two minutes to come back, whatever the rule states (PN5). */
  lostGateway: boolean;
  detail: string | undefined;
  row: NoticedRow;
  notice: Notice | undefined;
  repeatMonoMs: number;
  /** Of a group: the alerts in it whose condition is still met. */
  members: Set<Alert> | undefined;
}

/** Instances whose gateway was lost have this long to come back, milliseconds, whatever the rule states. */
const gatewayGraceMs = 120_000;

/** Moment of an item that is never due. */
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

/** How long the condition must be met before a notice (PN4, PN5). */
export function graceMsOf({ rule, lostGateway }: Pick<Alert, 'rule' | 'lostGateway'>): number {
  return lostGateway ? Math.max(rule.forMs, gatewayGraceMs) : rule.forMs;
}

/** When an open alert is due: to be repeated, or perhaps steady again. */
export function nextDueOf({ rule, subject, repeatMonoMs }: Alert): number {
  return rule.when === 'flapping' ? Math.min(repeatMonoMs, subject.flapsUntilMonoMs) : repeatMonoMs;
}
