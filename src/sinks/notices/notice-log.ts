import type { Instant } from '../../core/index.ts';
import type { Alert } from './alert.ts';
import { type Notice, subjectOf } from './notice.ts';

/** Resolved notices that are remembered for lists. */
const maxResolved = 200;

export interface NoticeLogOptions {
  readonly newId: () => string;
  /** Departures that a notice of a flapping instance begins with. */
  readonly flappingLeaves: number;
}

/** Notices that are open, were resolved last, and are to be said next (PN3). */
export class NoticeLog {
  readonly #options: NoticeLogOptions;
  readonly #open = new Map<string, Alert>();
  readonly #resolved: Notice[] = [];
  #said: Notice[] = [];
  /** Grows with everything that has to outlive a restart. */
  revision = 0;
  /** Notices that were not said because it was quiet, and will not be. */
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

  /** The first notice of an alert; nothing is said yet. */
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

  /** Says a notice. */
  say(notice: Notice): void {
    this.revision += 1;
    this.#said.push(notice);
    if (notice.state === 'open') return;
    this.#resolved.push(notice);
    if (this.#resolved.length > maxResolved) this.#resolved.shift();
  }

  /** The notice of an alert is open from now on. */
  opened(alert: Alert): void {
    if (alert.notice !== undefined) this.#open.set(alert.notice.noticeId, alert);
  }

  /** The alert is no more. */
  closed({ notice }: Alert): void {
    if (notice !== undefined) this.#open.delete(notice.noticeId);
  }

  /** What was said since this was asked last. */
  take(): readonly Notice[] {
    const said = this.#said;
    if (said.length > 0) this.#said = [];
    return said;
  }
}
