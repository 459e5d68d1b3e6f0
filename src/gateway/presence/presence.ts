import type {
  ActivityUpdate,
  BeaconUpdate,
  Cause,
  Change,
  Clock,
  ConnectUpdate,
  Facts,
  Instant,
  Outcome,
  Roster,
} from '../../core/index.ts';
import type { PeriodicTask } from '../time/schedule.ts';

/** Hears every visible change of the roster, in order. */
export type ChangeListener = (changes: readonly Change[]) => void;

/**
 * The roster in time: reads the clock for it, lets rows expire, and tells every visible change to its listeners.
 *
 * The only place that changes the roster.
 */
export class Presence implements PeriodicTask {
  readonly roster: Roster;
  /** Random id of this run; versions of two epochs do not compare. */
  readonly epoch: string;
  readonly #clock: Clock;
  readonly #renewalMs: number;
  readonly #listeners: ChangeListener[] = [];
  #renewalsDueMonoMs: number | undefined;

  constructor(options: { roster: Roster; epoch: string; clock: Clock; renewalMs: number }) {
    this.roster = options.roster;
    this.epoch = options.epoch;
    this.#clock = options.clock;
    this.#renewalMs = options.renewalMs;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  now(): Instant {
    return this.#clock.now();
  }

  setSelf(facts: Facts): void {
    this.#tell(this.roster.setSelf(facts, this.now()));
  }

  connect(update: ConnectUpdate): Outcome {
    return this.#told(this.roster.connect(update, this.now()));
  }

  /** A connection closed; `cause` says why, `unknown` by default (PJ1). */
  disconnect(connectionId: string, cause?: Cause): void {
    this.#tell(this.roster.disconnect(connectionId, this.now(), cause));
  }

  beacon(update: BeaconUpdate): Outcome {
    return this.#told(this.roster.beacon(update, this.now()));
  }

  activity(update: ActivityUpdate): Outcome {
    return this.#told(this.roster.activity(update, this.now()));
  }

  /** Makes a change that no client of this gateway asked for, and tells it. */
  replicate(change: (now: Instant) => readonly Change[]): void {
    this.#tell(change(this.now()));
  }

  /** A live connection answered its ping (PR7). */
  renew(connectionId: string, rttMs: number): void {
    const now = this.now();
    this.#tell(this.roster.renew(connectionId, rttMs, now));
    if (this.roster.pendingRenewals > 0) this.#renewalsDueMonoMs ??= now.monoMs + this.#renewalMs;
  }

  /** Lets rows expire, and renewals that waited `renewalMs` be seen (PT2, PE4). */
  run(now: Instant): number | undefined {
    this.#tell(this.roster.sweep(now));
    if (this.#renewalsDueMonoMs !== undefined && now.monoMs >= this.#renewalsDueMonoMs) {
      this.#tell(this.roster.publishRenewals(now));
    }
    if (this.roster.pendingRenewals === 0) this.#renewalsDueMonoMs = undefined;
    return earlier(this.roster.nextExpiryMonoMs(now), this.#renewalsDueMonoMs);
  }

  #told(outcome: Outcome): Outcome {
    if ('changes' in outcome) this.#tell(outcome.changes);
    return outcome;
  }

  #tell(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#renewalsDueMonoMs = undefined;
    for (const listener of this.#listeners) listener(changes);
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
