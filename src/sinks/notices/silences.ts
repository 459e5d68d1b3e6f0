import type { Instant } from '../../core/index.ts';
import type { Alert } from './alert.ts';

/** A mute: no notices of a rule or an instance for a while (PN7). */
export interface Mute {
  /** Absent: every rule. */
  readonly rule?: string;
  /** Absent: every instance. */
  readonly key?: string;
  readonly untilMs: number;
  readonly by?: string;
}

/** Most mutes at a time; the oldest goes first. */
const maxMutes = 100;

/** When no notice is sent: the quiet hours of rules (PN6), and mutes (PN7). */
export class Silences {
  #mutes: readonly Mute[] = [];

  get mutes(): readonly Mute[] {
    return this.#mutes;
  }

  /** Adds a mute, in place of one of the same rule and instance. A past moment ends that. */
  add(mute: Mute, now: Instant): void {
    const isOther = (other: Mute): boolean => other.rule !== mute.rule || other.key !== mute.key;
    const others = this.#mutes.filter((other) => isOther(other) && other.untilMs > now.wallMs);
    this.#mutes = mute.untilMs > now.wallMs ? [...others, mute].slice(-maxMutes) : others;
  }

  restore(mutes: readonly Mute[], now: Instant): void {
    this.#mutes = mutes.filter(({ untilMs }) => untilMs > now.wallMs);
  }

  /** When a notice of an alert may be sent, on the monotonic clock: now, or when its quiet hours and mutes are over. */
  endMonoMs({ rule, subject }: Alert, now: Instant): number {
    let untilMs = rule.quiet?.endMs(now.wallMs) ?? now.wallMs;
    for (const mute of this.#mutes) {
      const isMuted =
        (mute.rule === undefined || mute.rule === rule.name) &&
        (mute.key === undefined || mute.key === subject.key);
      if (isMuted && mute.untilMs > untilMs) untilMs = mute.untilMs;
    }
    return now.monoMs + (untilMs - now.wallMs);
  }

  isQuiet(alert: Alert, now: Instant): boolean {
    return this.endMonoMs(alert, now) > now.monoMs;
  }
}
