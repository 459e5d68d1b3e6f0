import type { Instant } from '../../core/index.ts';
import { type Alert, never, newAlert, newSubject, nextDueOf, type Subject } from './alert.ts';
import type { DueQueue } from './due-queue.ts';
import type { NoticeSubject } from './notice.ts';
import type { NoticeLog } from './notice-log.ts';
import type { CompiledRule } from './notice-rule.ts';
import type { Silences } from './silences.ts';

/** When several departures are one notice (PN5). */
export interface GroupBounds {
  /** Least number of instances … */
  readonly groupFrom: number;
  /** … that left within this time, milliseconds. */
  readonly groupMs: number;
}

export interface AlertGroupsOptions extends GroupBounds {
  readonly due: DueQueue<Alert>;
  readonly silences: Silences;
  readonly log: NoticeLog;
}

/** Keys that a notice of a group names at most. */
const maxMembers = 100;

/** Instances that left together: one notice for all of them, at most one group of each rule (PN5). */
export class AlertGroups {
  readonly #options: AlertGroupsOptions;
  readonly #groups = new Map<CompiledRule, Alert>();
  /** Pending alerts of `leaves`, by rule, the earliest departure first. */
  readonly #leaving = new Map<CompiledRule, Set<Alert>>();

  constructor(options: AlertGroupsOptions) {
    this.#options = options;
  }

  /** The groups that are open. */
  get all(): readonly Alert[] {
    return [...this.#groups.values()];
  }

  /** Adds a departure: others at about the same time may join its notice. */
  wait(alert: Alert): void {
    this.#leavingOf(alert.rule).add(alert);
  }

  /** Removes an alert that is no longer pending. */
  stopWaiting(alert: Alert): void {
    this.#leaving.get(alert.rule)?.delete(alert);
  }

  /** Removes an alert that ended, also that of a group. */
  delete(alert: Alert): void {
    this.stopWaiting(alert);
    if (this.#groups.get(alert.rule) === alert) this.#groups.delete(alert.rule);
  }

  restore(group: Alert): void {
    this.#groups.set(group.rule, group);
  }

  /** Opens one notice for an alert and the departures about then; false when there are too few, and no notice is created. */
  join(first: Alert, now: Instant): boolean {
    const { rule } = first;
    const { groupFrom } = this.#options;
    if (this.#leavingOf(rule).size < groupFrom) return false;
    const together = this.#leftWith(first, now);
    if (together.length < groupFrom) return false;
    const group = this.#groups.get(rule) ?? this.#begin(first, now);
    for (const alert of together) {
      this.stopWaiting(alert);
      alert.phase = 'grouped';
      alert.dueMonoMs = never;
      group.members?.add(alert);
    }
    this.#notify(group, now);
    return true;
  }

  /** Removes an instance that is back from its group; returns the group when no instance of it is away any more. */
  leave(alert: Alert): Alert | undefined {
    const group = this.#groups.get(alert.rule);
    group?.members?.delete(alert);
    return group?.members?.size === 0 && group.phase === 'open' ? group : undefined;
  }

  #leftWith(first: Alert, now: Instant): readonly Alert[] {
    const { groupMs, silences } = this.#options;
    const together: Alert[] = [];
    for (const alert of this.#leavingOf(first.rule)) {
      if (alert.sinceMonoMs > first.sinceMonoMs + groupMs) break;
      const isLeftOut = alert.cause !== undefined && alert.rule.unless.has(alert.cause.code);
      if (!isLeftOut && !silences.isQuiet(alert, now)) together.push(alert);
    }
    return together;
  }

  #begin(first: Alert, now: Instant): Alert {
    const group = newAlert(first.rule, groupSubject(first), first.cause, now);
    group.members = new Set();
    group.sinceMs = first.sinceMs;
    this.#groups.set(first.rule, group);
    return group;
  }

  #notify(group: Alert, now: Instant): void {
    const { log, due } = this.#options;
    const parts = membersOf(group);
    if (group.notice === undefined) {
      const { instance: _, ...notice } = log.noticeOf(group, now);
      group.notice = { ...notice, ...parts };
      log.opened(group);
      group.repeatMonoMs = now.monoMs + (group.rule.repeatMs ?? never);
    } else group.notice = { ...group.notice, ...parts, told: group.notice.told + 1 };
    group.phase = 'open';
    due.schedule(group, nextDueOf(group));
    log.say(group.notice);
  }

  #leavingOf(rule: CompiledRule): Set<Alert> {
    const known = this.#leaving.get(rule) ?? new Set<Alert>();
    this.#leaving.set(rule, known);
    return known;
  }
}

/** Stands for all that left together. */
export function groupSubject({ row }: Pick<Alert, 'row'>): Subject {
  return { ...newSubject(row, 'away'), key: '*', isGateway: false, awayCause: undefined };
}

function membersOf({ members = new Set() }: Alert): {
  readonly subject: NoticeSubject;
  readonly count: number;
  readonly members: readonly string[];
} {
  const rows = Array.from(members, ({ row }) => row);
  const gateways = [...new Set(rows.flatMap((row) => row.gateways ?? []))].sort();
  return {
    subject: { key: '*', host: `${rows.length} instances`, ...(gateways.length > 0 && { gateways }) },
    count: rows.length,
    members: rows.slice(0, maxMembers).map(({ key }) => key),
  };
}
