import type { Cause, Instant } from '../../core/index.ts';
import { type Alert, graceMsOf, never, newAlert, nextDueOf, type Subject } from './alert.ts';
import type { AlertGroups } from './alert-groups.ts';
import type { DueQueue } from './due-queue.ts';
import type { Notice } from './notice.ts';
import type { NoticeLog } from './notice-log.ts';
import type { CompiledRule, NoticeEvent } from './notice-rule.ts';
import { fits, type RuleSet } from './rule-set.ts';
import type { Silences } from './silences.ts';

export interface AlertsOptions {
  readonly rules: RuleSet;
  readonly due: DueQueue<Alert>;
  readonly silences: Silences;
  readonly groups: AlertGroups;
  readonly log: NoticeLog;
}

/** The life of an alert: it begins, waits for its grace and for quiet hours, is sent, repeated and resolved (PN4 to PN7). */
export class Alerts {
  readonly #rules: RuleSet;
  readonly #due: DueQueue<Alert>;
  readonly #silences: Silences;
  readonly #groups: AlertGroups;
  readonly #log: NoticeLog;

  constructor({ rules, due, silences, groups, log }: AlertsOptions) {
    this.#rules = rules;
    this.#due = due;
    this.#silences = silences;
    this.#groups = groups;
    this.#log = log;
  }

  /** The condition of a rule is met for a subject. */
  begin(
    rule: CompiledRule,
    subject: Subject,
    now: Instant,
    cause: Cause | undefined,
    more: Partial<Pick<Alert, 'detail' | 'lostGateway'>> = {},
  ): void {
    const before = subject.alerts.get(rule);
    if (before !== undefined) {
      if (before.phase === 'resolving') this.#reopen(before, cause, now);
      return;
    }
    if (!fits(rule, subject.row, now)) return;
    const alert = newAlert(rule, subject, cause, now);
    Object.assign(alert, more);
    subject.alerts.set(rule, alert);
    this.#due.schedule(alert, now.monoMs + graceMsOf(alert));
    if (rule.when === 'leaves') this.#groups.wait(alert);
  }

  /** The conditions of all rules that wait for an event are met for a subject. */
  beginAll(
    event: NoticeEvent,
    subject: Subject,
    now: Instant,
    cause: Cause | undefined,
    more: Parameters<Alerts['begin']>[4] = {},
  ): void {
    for (const rule of this.#rules.of(event)) this.begin(rule, subject, now, cause, more);
  }

  /** Starts the grace of a machine that is not used. */
  beginIdle(rule: CompiledRule, subject: Subject, sinceMonoMs: number, now: Instant): void {
    // Idle again before the end of the first notice was sent: that end is sent first.
    if (subject.alerts.has(rule)) return;
    const alert = newAlert(rule, subject, undefined, now);
    subject.alerts.set(rule, alert);
    this.#waitFrom(alert, sinceMonoMs, now);
  }

  /** A machine that was idle is in use. */
  used(alert: Alert, now: Instant): void {
    if (alert.phase !== 'armed') {
      this.end(alert, now, undefined);
      return;
    }
    this.erase(alert);
    const { rule, subject } = alert;
    if (fits(rule, subject.row, now)) this.#sayOnce({ ...alert, row: subject.row }, now);
  }

  /** An instance that flaps left again (PN5). */
  count(alert: Alert): void {
    if (alert.notice === undefined) return;
    alert.notice = { ...alert.notice, count: alert.notice.count + 1 };
    if (alert.phase === 'resolving') alert.phase = 'open';
    this.#due.schedule(alert, nextDueOf(alert));
  }

  /** The condition is not met any more. */
  end(alert: Alert, now: Instant, cause: Cause | undefined): void {
    this.#log.revision += 1;
    if (alert.phase === 'resolving') return;
    if (alert.phase === 'grouped') this.#leaveGroup(alert, now);
    else if (alert.phase !== 'open') this.erase(alert);
    else {
      alert.phase = 'resolving';
      alert.cause = cause;
      this.run(alert, now);
    }
  }

  endAll(events: readonly NoticeEvent[], subject: Subject, now: Instant, cause: Cause | undefined): void {
    if (subject.alerts.size === 0) return;
    for (const alert of [...subject.alerts.values()]) {
      if (events.includes(alert.rule.when)) this.end(alert, now, cause);
    }
  }

  /** Ends an alert at once and finally, whatever its state is. */
  drop(alert: Alert, now: Instant, cause?: Cause): void {
    if (alert.phase === 'grouped') this.#leaveGroup(alert, now);
    else if (alert.notice === undefined) this.erase(alert);
    else {
      alert.cause = cause;
      this.resolve(alert, now);
    }
  }

  /** Runs everything that is due. */
  runDue(now: Instant): void {
    for (let alert = this.#due.take(now.monoMs); alert !== undefined; alert = this.#due.take(now.monoMs)) {
      this.run(alert, now);
    }
  }

  /** Updates an alert, because it is due or its state has changed. */
  run(alert: Alert, now: Instant): void {
    if (alert.phase === 'pending') this.#runPending(alert, now);
    else if (alert.phase === 'open') this.#runOpen(alert, now);
    else if (alert.phase === 'resolving') this.#runResolving(alert, now);
    else if (alert.phase === 'suppressed' && alert.rule.when === 'flapping') this.#runSuppressed(alert, now);
  }

  /** Sends the end of a notice. */
  resolve(alert: Alert, now: Instant): void {
    const { notice, subject, cause, rule } = alert;
    this.erase(alert);
    if (notice === undefined) return;
    const { cause: _, ...rest } = notice;
    this.#log.say({
      ...rest,
      ...(cause !== undefined && { cause }),
      state: 'resolved',
      resolvedAtMs: Math.round(now.wallMs),
      told: notice.told + 1,
      ...(alert.members === undefined && { instance: subject.row }),
    });
    // A machine that was idle may be idle again: its alert begins anew.
    if (rule.when === 'idle' && subject.standing === 'present' && subject.inputMonoMs !== undefined) {
      if (this.#rules.has(rule)) this.beginIdle(rule, subject, subject.inputMonoMs, now);
    }
  }

  /** Removes an alert without a notice. */
  erase(alert: Alert): void {
    const { subject, rule } = alert;
    alert.dueMonoMs = never;
    if (subject.alerts.get(rule) === alert) subject.alerts.delete(rule);
    this.#groups.delete(alert);
    this.#log.closed(alert);
  }

  /** The condition is met again before the end was sent: the same notice continues. */
  #reopen(alert: Alert, cause: Cause | undefined, now: Instant): void {
    alert.phase = 'open';
    alert.sinceMonoMs = now.monoMs;
    const { notice } = alert;
    if (notice !== undefined)
      alert.notice = { ...notice, count: notice.count + 1, ...(cause !== undefined && { cause }) };
    this.#due.schedule(alert, nextDueOf(alert));
  }

  #leaveGroup(alert: Alert, now: Instant): void {
    const group = this.#groups.leave(alert);
    this.erase(alert);
    if (group !== undefined) this.end(group, now, undefined);
  }

  #runPending(alert: Alert, now: Instant): void {
    const { rule, subject, cause } = alert;
    if ((rule.when === 'idle' || rule.when === 'in-use') && !this.#isIdle(alert, now)) return;
    // It became steady while it waited for the end of quiet hours or of a long grace.
    if (rule.when === 'flapping' && subject.flapsUntilMonoMs <= now.monoMs) return this.erase(alert);
    if (cause !== undefined && rule.unless.has(cause.code)) return this.#suppress(alert);
    if (rule.isMomentary) {
      this.erase(alert);
      return this.#sayOnce(alert, now);
    }
    const quietMonoMs = this.#silences.endMonoMs(alert, now);
    if (quietMonoMs > now.monoMs) return this.#due.schedule(alert, quietMonoMs);
    if (rule.when === 'leaves' && this.#groups.join(alert, now)) return;
    this.#notify(alert, now);
  }

  /** True when it was idle for long enough and a notice is to be sent. */
  #isIdle(alert: Alert, now: Instant): boolean {
    const { rule, subject } = alert;
    const sinceMonoMs = subject.inputMonoMs ?? now.monoMs;
    if (sinceMonoMs + rule.forMs > now.monoMs) {
      this.#waitFrom(alert, sinceMonoMs, now);
      return false;
    }
    if (rule.when === 'in-use') {
      alert.phase = 'armed';
      return false;
    }
    alert.row = subject.row;
    if (fits(rule, subject.row, now)) return true;
    this.#suppress(alert);
    return false;
  }

  /** Sets the moment since when the condition is met: the grace begins there. */
  #waitFrom(alert: Alert, sinceMonoMs: number, now: Instant): void {
    alert.sinceMonoMs = sinceMonoMs;
    alert.sinceMs = now.wallMs - (now.monoMs - sinceMonoMs);
    this.#due.schedule(alert, sinceMonoMs + alert.rule.forMs);
  }

  #suppress(alert: Alert): void {
    alert.phase = 'suppressed';
    this.#groups.stopWaiting(alert);
    if (alert.rule.when === 'flapping') this.#due.schedule(alert, alert.subject.flapsUntilMonoMs);
  }

  /** Suppressed alerts of a flapping instance end when it is steady; the next departure counts anew. */
  #runSuppressed(alert: Alert, now: Instant): void {
    const { flapsUntilMonoMs } = alert.subject;
    if (flapsUntilMonoMs <= now.monoMs) this.erase(alert);
    else this.#due.schedule(alert, flapsUntilMonoMs);
  }

  /** Events without duration: their notices are resolved at once. */
  #sayOnce(alert: Alert, now: Instant): void {
    if (this.#silences.isQuiet(alert, now)) {
      this.#log.suppressed += 1;
      return;
    }
    const atMs = Math.round(now.wallMs);
    this.#log.say({ ...this.#log.noticeOf(alert, now), state: 'resolved', resolvedAtMs: atMs });
  }

  #notify(alert: Alert, now: Instant): void {
    this.#groups.stopWaiting(alert);
    alert.phase = 'open';
    alert.notice = this.#log.noticeOf(alert, now);
    alert.repeatMonoMs = now.monoMs + (alert.rule.repeatMs ?? never);
    this.#log.opened(alert);
    this.#due.schedule(alert, nextDueOf(alert));
    this.#log.say(alert.notice);
  }

  #runOpen(alert: Alert, now: Instant): void {
    const { rule, subject, notice } = alert;
    if (rule.when === 'flapping' && subject.flapsUntilMonoMs <= now.monoMs)
      return this.end(alert, now, undefined);
    if (alert.repeatMonoMs <= now.monoMs) this.#repeat(alert, notice, now);
    this.#due.schedule(alert, nextDueOf(alert));
  }

  /** Repeats the notice, unless it is acknowledged or silenced. */
  #repeat(alert: Alert, notice: Notice | undefined, now: Instant): void {
    if (notice === undefined || notice.acknowledgedAtMs !== undefined) {
      alert.repeatMonoMs = never;
      return;
    }
    const quietMonoMs = this.#silences.endMonoMs(alert, now);
    if (quietMonoMs > now.monoMs) {
      alert.repeatMonoMs = quietMonoMs;
      return;
    }
    alert.repeatMonoMs = now.monoMs + (alert.rule.repeatMs ?? never);
    alert.notice = { ...notice, told: notice.told + 1 };
    this.#log.say(alert.notice);
  }

  #runResolving(alert: Alert, now: Instant): void {
    const steadyMonoMs = alert.rule.when === 'leaves' ? alert.subject.flapsUntilMonoMs : 0;
    const untilMonoMs = Math.max(this.#silences.endMonoMs(alert, now), steadyMonoMs);
    if (untilMonoMs > now.monoMs) this.#due.schedule(alert, untilMonoMs);
    else if (isIdleAgain(alert, now)) this.#reopen(alert, undefined, now);
    else this.resolve(alert, now);
  }
}

/** Used and idle again before the end could be sent: the alert continues. */
function isIdleAgain({ rule, subject }: Alert, now: Instant): boolean {
  if (rule.when !== 'idle' || subject.standing !== 'present') return false;
  return (subject.inputMonoMs ?? now.monoMs) + rule.forMs <= now.monoMs;
}
