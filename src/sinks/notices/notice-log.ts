import type { Instant } from '../../core/index.ts';
import type { Alert } from './alert.ts';
import { type Notice, subjectOf } from './notice.ts';

/** Most resolved notices that are kept for lists. */
const maxResolved = 200;

export interface NoticeLogOptions {
  readonly newId: () => string;
  /** Departures that a notice of a flapping instance begins with. */
  readonly flappingLeaves: number;
}

/** Notices that are open, were resolved last, and are to be sent next (PN3). */
export class NoticeLog {
  readonly #options: NoticeLogOptions;
  readonly #open = new Map<string, Alert>();
  readonly #resolved: Notice[] = [];
  #pending: Notice[] = [];
  /** Incremented with every change that has to outlive a restart. */
  revision = 0;
  /** Number of notices that quiet hours or a mute suppressed. */
  suppressed = 0;

  constructor(options: NoticeLogOptions) {
    this.#options = options;
  }

  /** Notices that are open, the oldest first. */
  get open(): readonly Notice[] {
    return Array.from(this.#open.values(), ({ notice }) => notice as Notice);
  }

  /** Alerts whose notices are open. */
  alerts(): Iterable<Alert> {
    return this.#open.values();
  }

  /** Notices that were resolved last, the latest first. */
  get resolved(): readonly Notice[] {
    return this.#resolved.toReversed();
  }

  alertOf(noticeId: string): Alert | undefined {
    return this.#open.get(noticeId);
  }

  /** The first notice of an alert, not sent yet. */
  noticeOf({ rule, cause, detail, row, sinceMs }: Alert, now: Instant): Notice {
    return {
      noticeId: this.#options.newId(),
      rule: rule.name,
      when: rule.when,
      severity: rule.severity,
      state: 'open',
      subject: subjectOf(row),
      ...(cause !== undefined && { cause }),
      ...(detail !== undefined && { detail }),
      sinceMs: Math.round(sinceMs),
      openedAtMs: Math.round(now.wallMs),
      count: rule.when === 'flapping' ? this.#options.flappingLeaves : 1,
      told: 1,
      instance: row,
    };
  }

  /** Adds a notice to those that are to be sent. */
  say(notice: Notice): void {
    this.revision += 1;
    this.#pending.push(notice);
    if (notice.state === 'open') return;
    this.#resolved.push(notice);
    if (this.#resolved.length > maxResolved) this.#resolved.shift();
  }

  /** Lists the notice of an alert as open. */
  opened(alert: Alert): void {
    if (alert.notice !== undefined) this.#open.set(alert.notice.noticeId, alert);
  }

  /** Removes an alert that ended. */
  closed({ notice }: Alert): void {
    if (notice !== undefined) this.#open.delete(notice.noticeId);
  }

  /** The notices since the last call, to be sent. */
  take(): readonly Notice[] {
    const pending = this.#pending;
    if (pending.length > 0) this.#pending = [];
    return pending;
  }
}
