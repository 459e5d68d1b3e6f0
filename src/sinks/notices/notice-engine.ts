import type { Change, InstanceView, Instant } from '../../core/index.ts';
import type { Alert } from './alert.ts';
import { AlertGroups, type GroupBounds } from './alert-groups.ts';
import { Alerts } from './alerts.ts';
import { DueQueue } from './due-queue.ts';
import type { Notice } from './notice.ts';
import { NoticeLog } from './notice-log.ts';
import type { CompiledRule } from './notice-rule.ts';
import type { FlappingBounds } from './notice-subject.ts';
import { RowEvents } from './row-events.ts';
import { RuleSet } from './rule-set.ts';
import { type NoticeState, restoreNotices, type SavedNotices, saveNotices } from './saved-notices.ts';
import { type Mute, Silences } from './silences.ts';
import { Subjects } from './subjects.ts';

/** By default five departures within ten minutes are flapping, five instances that left within 30 s a group (PN5). */
export interface NoticeEngineOptions extends Partial<FlappingBounds>, Partial<GroupBounds> {
  readonly rules: readonly CompiledRule[];
  readonly newId: () => string;
  /** Most instances that are kept while away or gone; default 10 000. */
  readonly maxAway?: number;
}

/**
 * The rules, applied to every change of the roster: changes and the time in, notices out (PN).
 *
 * Pure: no clock, no timers, nothing is sent. A change without an effect costs the same whatever the number of rules.
 */
export class NoticeEngine {
  readonly #state: NoticeState;
  readonly #events: RowEvents;

  constructor(options: NoticeEngineOptions) {
    const { newId, flappingLeaves = 5, flappingMs = 600_000, maxAway = 10_000 } = options;
    const { groupFrom = 5, groupMs = 30_000 } = options;
    const rules = new RuleSet(options.rules);
    const subjects = new Subjects(maxAway);
    const due = new DueQueue<Alert>();
    const silences = new Silences();
    const log = new NoticeLog({ newId, flappingLeaves });
    const groups = new AlertGroups({ groupFrom, groupMs, due, silences, log });
    const alerts = new Alerts({ rules, due, silences, groups, log });
    this.#state = { rules, subjects, due, silences, log, groups, alerts, maxAway };
    this.#events = new RowEvents({ flappingLeaves, flappingMs, rules, subjects, alerts, log });
  }

  /** When {@link advance} is due; `undefined`: never. */
  get nextDueMonoMs(): number | undefined {
    return this.#state.due.nextMonoMs;
  }

  /** Notices that are open, the oldest first. */
  get open(): readonly Notice[] {
    return this.#state.log.open;
  }

  /** Notices that were resolved last, the latest first. */
  get resolved(): readonly Notice[] {
    return this.#state.log.resolved;
  }

  get mutes(): readonly Mute[] {
    return this.#state.silences.mutes;
  }

  /** Number of notices that quiet hours or a mute suppressed. */
  get suppressed(): number {
    return this.#state.log.suppressed;
  }

  /** Incremented with every change of what {@link save} returns. */
  get revision(): number {
    return this.#state.log.revision;
  }

  /** Takes the rows at the start: they are no arrivals. Notices from before a restart continue (PN8). */
  start(rows: Iterable<InstanceView>, now: Instant, saved?: SavedNotices): readonly Notice[] {
    if (saved !== undefined) restoreNotices(this.#state, saved, now);
    for (const row of rows) this.#events.listed(row, now);
    return this.advance(now);
  }

  /** Changes of the roster, in order. */
  take(changes: readonly Change[], now: Instant): readonly Notice[] {
    this.#state.alerts.runDue(now);
    for (const change of changes) this.#events.take(change, now);
    return this.advance(now);
  }

  /** Takes the present time. */
  advance(now: Instant): readonly Notice[] {
    const { alerts, log } = this.#state;
    alerts.runDue(now);
    return log.take();
  }

  /** Acknowledges a notice: it is not repeated. `undefined` for a notice that is not open. */
  acknowledge(noticeId: string, by: string, now: Instant): Notice | undefined {
    const { log } = this.#state;
    const alert = log.alertOf(noticeId);
    if (alert?.notice === undefined) return undefined;
    alert.notice = { ...alert.notice, acknowledgedAtMs: Math.round(now.wallMs), acknowledgedBy: by };
    log.revision += 1;
    return alert.notice;
  }

  /** Mutes a rule or an instance until a moment; what still holds then is sent then. A past moment ends a mute. */
  mute(mute: Mute, now: Instant): readonly Mute[] {
    const { silences, log, due, subjects } = this.#state;
    silences.add(mute, now);
    log.revision += 1;
    for (const alert of log.alerts()) due.schedule(alert, now.monoMs);
    for (const { alerts } of subjects.all()) {
      for (const alert of alerts.values()) if (alert.phase === 'resolving') due.schedule(alert, now.monoMs);
    }
    return silences.mutes;
  }

  /** Puts other rules in force. Rules that are the same continue; notices of those that are gone are resolved. */
  setRules(rules: readonly CompiledRule[], now: Instant): readonly Notice[] {
    const { rules: inForce, groups, subjects, alerts } = this.#state;
    inForce.replace(rules);
    for (const group of groups.all) if (!inForce.has(group.rule)) alerts.resolve(group, now);
    for (const subject of subjects.all()) {
      for (const alert of [...subject.alerts.values()]) {
        if (!inForce.has(alert.rule)) alerts.drop(alert, now);
      }
      this.#events.watch(subject, now);
    }
    return this.advance(now);
  }

  save(now: Instant): SavedNotices {
    return saveNotices(this.#state, now);
  }
}
