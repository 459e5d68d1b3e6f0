import type { Cause, Change, InstanceView, Instant, Remove } from '../../core/index.ts';
import type { Standing, Subject } from './alert.ts';
import type { Alerts } from './alerts.ts';
import { exceeded } from './host-bounds.ts';
import type { NoticedRow } from './notice.ts';
import type { NoticeLog } from './notice-log.ts';
import {
  type FlappingBounds,
  gatewayCauses,
  isUninformative,
  noteDeparture,
  noteInput,
  standingOf,
} from './notice-subject.ts';
import type { RuleSet } from './rule-set.ts';
import type { Subjects } from './subjects.ts';

export interface RowEventsOptions extends FlappingBounds {
  readonly rules: RuleSet;
  readonly subjects: Subjects;
  readonly alerts: Alerts;
  readonly log: NoticeLog;
}

/** Changes of rows, as what rules wait for: who leaves, returns, appears, flaps, is idle, in use, or short of resources (PN2). */
export class RowEvents {
  readonly #bounds: FlappingBounds;
  readonly #rules: RuleSet;
  readonly #subjects: Subjects;
  readonly #alerts: Alerts;
  readonly #log: NoticeLog;

  constructor({ flappingLeaves, flappingMs, rules, subjects, alerts, log }: RowEventsOptions) {
    this.#bounds = { flappingLeaves, flappingMs };
    this.#rules = rules;
    this.#subjects = subjects;
    this.#alerts = alerts;
    this.#log = log;
  }

  /** A row that is listed at the start: no arrival. */
  listed(row: InstanceView, now: Instant): void {
    this.#see(row, now, undefined, false);
  }

  take(change: Change, now: Instant): void {
    if (change.kind === 'remove') {
      this.#remove(change, now);
      return;
    }
    const { view, previousKey, cause } = change;
    if (previousKey !== undefined) this.#subjects.rename(previousKey, view.key);
    this.#see(view, now, cause, previousKey === undefined);
  }

  /** Rules are new: those about facts of a present row begin with its present facts. */
  watch(subject: Subject, now: Instant): void {
    if (subject.isDown) this.#alerts.beginAll('gateway-unreachable', subject, now, subject.row.cause);
    else if (subject.standing === 'present') this.#measure(subject, undefined, now);
  }

  #see(row: NoticedRow, now: Instant, cause: Cause | undefined, isArrival: boolean): void {
    if (row.self === true) return;
    const subject = this.#subjects.get(row.key);
    const standing = standingOf(row);
    if (subject === undefined) {
      this.#add(row, standing, isArrival, cause, now);
      return;
    }
    if (standing !== subject.standing) {
      if (standing !== 'away') subject.row = row;
      this.#stand(subject, standing, cause ?? row.cause, now);
      return;
    }
    if (standing === 'away') {
      this.#learn(subject, cause ?? row.cause);
      return;
    }
    const before = subject.row;
    subject.row = row;
    if (standing === 'present') this.#measure(subject, before, now);
  }

  #add(
    row: NoticedRow,
    standing: Standing,
    isArrival: boolean,
    cause: Cause | undefined,
    now: Instant,
  ): void {
    const subject = this.#subjects.add(row, standing === 'unknown' ? 'present' : standing);
    this.#log.revision += 1;
    if (standing === 'away') this.#countAway(now);
    const isNew = isArrival && standing === 'present' && cause?.code !== 'reconnected';
    if (isNew && !subject.isGateway) this.#alerts.beginAll('appears', subject, now, cause);
    if (standing === 'unknown') this.#stand(subject, 'unknown', row.cause ?? cause, now);
    else this.watch(subject, now);
  }

  #remove(change: Remove, now: Instant): void {
    const subject = this.#subjects.get(change.key);
    if (subject === undefined) return;
    const code = change.cause?.code;
    if (code === 'removed' || code === 'replaced' || change.trigger === 'taken-over') {
      this.#drop(subject, now, change.cause);
    } else if (subject.isGateway) {
      if (!subject.isDown) this.#drop(subject, now, change.cause);
    } else if (subject.standing !== 'away' && !isUninformative(change, subject.standing)) {
      this.#stand(subject, 'away', change.cause, now);
    }
  }

  /** Takes the new status of a subject. */
  #stand(subject: Subject, to: Standing, cause: Cause | undefined, now: Instant): void {
    const from = subject.standing;
    subject.standing = to;
    this.#log.revision += 1;
    if (subject.isGateway) {
      this.#standGateway(subject, to, cause, now);
      return;
    }
    if (to !== 'present') this.#alerts.endAll(['idle', 'in-use', 'host-stats'], subject, now, cause);
    if (to === 'away') this.#leave(subject, cause, from === 'unknown', now);
    else if (to === 'present') {
      if (from === 'away' || subject.awayCause !== undefined) this.#return(subject, cause, now);
      this.watch(subject, now);
    }
  }

  #standGateway(subject: Subject, to: Standing, cause: Cause | undefined, now: Instant): void {
    if (to === 'unknown' && !subject.isDown) {
      subject.isDown = true;
      this.#alerts.beginAll('gateway-unreachable', subject, now, cause);
    } else if (to === 'present' && subject.isDown) {
      subject.isDown = false;
      this.#alerts.endAll(['gateway-unreachable'], subject, now, cause);
    }
  }

  #leave(subject: Subject, cause: Cause | undefined, wasUnknown: boolean, now: Instant): void {
    const { code } = cause ?? { code: 'unknown' };
    const lostGateway = wasUnknown || gatewayCauses.has(code);
    subject.awayCause = cause ?? { code: 'unknown' };
    subject.departureUnknown = lostGateway || code === 'evicted';
    if (code !== 'evicted') {
      this.#alerts.endAll(['returns', 'appears'], subject, now, cause);
      if (!lostGateway && noteDeparture(subject, now.monoMs, this.#bounds)) this.#flap(subject, cause, now);
      this.#alerts.beginAll('leaves', subject, now, cause, { lostGateway });
    }
    this.#countAway(now);
  }

  #flap(subject: Subject, cause: Cause | undefined, now: Instant): void {
    for (const rule of this.#rules.of('flapping')) {
      const alert = subject.alerts.get(rule);
      if (alert === undefined) this.#alerts.begin(rule, subject, now, cause);
      else this.#alerts.count(alert);
    }
  }

  #return(subject: Subject, cause: Cause | undefined, now: Instant): void {
    const { departureUnknown } = subject;
    subject.awayCause = undefined;
    subject.departureUnknown = false;
    this.#alerts.endAll(['leaves'], subject, now, cause);
    if (!departureUnknown) this.#alerts.beginAll('returns', subject, now, cause);
  }

  /** Takes a better cause while it is away. */
  #learn(subject: Subject, cause: Cause | undefined): void {
    if (cause === undefined || subject.awayCause === cause) return;
    subject.awayCause = cause;
    for (const rule of this.#rules.of('leaves')) {
      const alert = subject.alerts.get(rule);
      if (alert?.phase === 'pending') alert.cause = cause;
    }
  }

  /** Takes the facts of a present row: its use and its load. */
  #measure(subject: Subject, before: NoticedRow | undefined, now: Instant): void {
    const { row, isGateway } = subject;
    if (isGateway) return;
    if (row.lastInputSeconds !== undefined && this.#rules.of('idle').length > 0) this.#use(subject, now);
    if (row.hostStats !== before?.hostStats) this.#weigh(subject, now);
  }

  #use(subject: Subject, now: Instant): void {
    const isUsed = noteInput(subject, subject.row, now);
    const { inputMonoMs } = subject;
    if (inputMonoMs === undefined) return;
    for (const rule of this.#rules.of('idle')) {
      const alert = subject.alerts.get(rule);
      if (alert === undefined || (isUsed && alert.phase !== 'pending')) {
        if (alert !== undefined) this.#alerts.used(alert, now);
        this.#alerts.beginIdle(rule, subject, inputMonoMs, now);
      }
    }
  }

  #weigh(subject: Subject, now: Instant): void {
    for (const rule of this.#rules.of('host-stats')) {
      const detail = exceeded(subject.row, rule.above);
      const alert = subject.alerts.get(rule);
      const isOn = alert !== undefined && alert.phase !== 'resolving';
      if (detail !== undefined && !isOn) this.#alerts.begin(rule, subject, now, undefined, { detail });
      else if (detail === undefined && isOn) this.#alerts.end(alert, now, undefined);
      else if (detail !== undefined && alert?.phase === 'pending') alert.detail = detail;
    }
  }

  #drop(subject: Subject, now: Instant, cause: Cause | undefined): void {
    for (const alert of [...subject.alerts.values()]) this.#alerts.drop(alert, now, cause);
    this.#subjects.delete(subject);
    this.#log.revision += 1;
  }

  #countAway(now: Instant): void {
    for (const subject of this.#subjects.countAway()) this.#drop(subject, now, subject.awayCause);
  }
}
