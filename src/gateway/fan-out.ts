import type { Change, Clock } from '../core/index.ts';
import type { Audience } from './audience.ts';
import { type PassRecord, passWaitMs } from './pass-window.ts';
import type { Presence } from './presence.ts';
import type { Timers } from './timers.ts';
import type { MessageParts } from './transport.ts';
import type { Viewer } from './viewer.ts';

/** What the fan-out did, for metrics. */
export interface FanOutCounts {
  passes: number;
  eventsSent: number;
  /** Events that were skipped for a reader who was behind (PL2). */
  conflated: number;
}

export interface FanOutOptions {
  readonly presence: Presence;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Longest wait of a busy gateway before a pass, milliseconds (PE1). */
  readonly maxCoalesceMs: number;
}

/**
 * Sends visible changes to viewers in passes (PE1).
 *
 * Changes are collected, the last one of a row wins, and a pass sends them all: one message is made for
 * everybody of an audience, and each viewer gets one event with its own sequence number at the end.
 */
export class FanOut {
  readonly counts: FanOutCounts = { passes: 0, eventsSent: 0, conflated: 0 };
  readonly #options: FanOutOptions;
  readonly #viewers = new Set<Viewer>();
  /** The last change of each row since the last pass. */
  readonly #changed = new Map<string, Change>();
  #passedVersion = 0;
  #last: PassRecord = { endedMonoMs: Number.NEGATIVE_INFINITY, costMs: 0 };
  #isScheduled = false;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#passedVersion = options.presence.roster.version;
    options.presence.onChange((changes) => this.#collect(changes));
  }

  /** A viewer that has been told everything up to `sentVersion`. */
  add(viewer: Viewer): void {
    this.#viewers.add(viewer);
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** Brings a viewer to the newest state: at its start, or when it has drained (PL2). */
  sendState(viewer: Viewer): void {
    const { clock, presence } = this.#options;
    const { version } = presence.roster;
    viewer.missedPass = false;
    viewer.sentVersion = version;
    viewer.sendEvent(viewer.audience.ofState(version, clock.now()));
    this.counts.eventsSent += 1;
  }

  /** Sends everything that is waiting, now. */
  flush(): void {
    if (this.#changed.size > 0) this.#pass();
  }

  #collect(changes: readonly Change[]): void {
    for (const change of changes) this.#changed.set(change.key, change);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const { clock, timers, maxCoalesceMs } = this.#options;
    const waitMs = passWaitMs(this.#last, clock.now().monoMs, maxCoalesceMs);
    if (waitMs === 0) timers.soon(() => this.#scheduledPass());
    else timers.after(waitMs, () => this.#scheduledPass());
  }

  #scheduledPass(): void {
    this.#isScheduled = false;
    this.flush();
  }

  #pass(): void {
    const { clock, presence } = this.#options;
    const now = clock.now();
    const { version } = presence.roster;
    // Taken out first: a viewer who is closed for being slow changes the roster while this pass is under way.
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    const pass = { from: this.#passedVersion, to: version, now, changes };
    this.#passedVersion = version;
    const made = new Map<Audience, MessageParts>();
    for (const viewer of this.#viewers) {
      if (!this.#isDue(viewer, version)) continue;
      const { audience } = viewer;
      let message = made.get(audience);
      if (message === undefined) {
        message = audience.ofPass(pass);
        made.set(audience, message);
      }
      viewer.sentVersion = version;
      viewer.sendEvent(message);
      this.counts.eventsSent += 1;
    }
    this.counts.passes += 1;
    const endedMonoMs = clock.now().monoMs;
    this.#last = { endedMonoMs, costMs: endedMonoMs - now.monoMs };
  }

  #isDue(viewer: Viewer, version: number): boolean {
    if (viewer.sentVersion >= version) return false;
    if (!viewer.isBehind) return true;
    viewer.missedPass = true;
    this.counts.conflated += 1;
    return false;
  }
}
