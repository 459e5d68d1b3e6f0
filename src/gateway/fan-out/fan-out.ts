import type { Change, Clock, Timers } from '../../core/index.ts';
import type { Presence } from '../presence/presence.ts';
import type { MessageParts } from '../transport.ts';
import type { Audience, Pass } from './audience.ts';
import { isArriving, type PassRecord, passDueMonoMs, passWaitMs, shortestWaitMs } from './pass-window.ts';
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
  /** When the newest of the clients in their handshake came, monotonic; before all time when there is none. */
  readonly newestArrivalMonoMs: () => number;
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
  #last: PassRecord = { endedMonoMs: Number.NEGATIVE_INFINITY, costMs: 0, sendMs: 0 };
  #isScheduled = false;
  /** Everything is sent, and what arrived meanwhile is being received; the window begins after it. */
  #isCatchingUp = false;
  #hasNewcomer = false;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#passedVersion = options.presence.roster.version;
    options.presence.onChange((changes) => this.#collect(changes));
  }

  /** A viewer that has been told everything up to `sentVersion`. */
  add(viewer: Viewer): void {
    this.#viewers.add(viewer);
  }

  /** A viewer that knows nothing yet: the next pass brings the whole state, made once for all who start together. */
  greet(viewer: Viewer): void {
    viewer.sentVersion = 0;
    this.#viewers.add(viewer);
    this.#hasNewcomer = true;
    this.#schedule();
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** Brings one viewer to the newest state at once: it has drained (PL2), or is no session. */
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
    if (this.#isWaitedFor) this.#pass();
  }

  get #isWaitedFor(): boolean {
    return this.#changed.size > 0 || this.#hasNewcomer;
  }

  #collect(changes: readonly Change[]): void {
    for (const change of changes) this.#changed.set(change.key, change);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isCatchingUp) return;
    this.#isScheduled = true;
    const { clock, timers, maxCoalesceMs } = this.#options;
    const waitMs = passWaitMs(this.#last, clock.now().monoMs, maxCoalesceMs);
    if (waitMs === 0) timers.soon(() => this.#scheduledPass());
    else timers.after(waitMs, () => this.#passWhenQuiet());
  }

  /** The window is over: passes when a turn of the event loop brings no change and nobody arrives, or when it is due. */
  #passWhenQuiet(): void {
    const { clock, presence, timers, newestArrivalMonoMs, maxCoalesceMs } = this.#options;
    const { monoMs } = clock.now();
    const areArriving = isArriving(newestArrivalMonoMs(), monoMs, maxCoalesceMs);
    if (monoMs >= passDueMonoMs(this.#last, areArriving, maxCoalesceMs)) return this.#scheduledPass();
    const { version } = presence.roster;
    timers.soon(() => {
      if (presence.roster.version !== version) this.#passWhenQuiet();
      else if (areArriving) timers.after(shortestWaitMs, () => this.#passWhenQuiet());
      else this.#scheduledPass();
    });
  }

  /** The event loop has come round since the pass: what it held up is part of its cost. */
  #caughtUp(startedMonoMs: number, sendMs: number): void {
    this.#isCatchingUp = false;
    const endedMonoMs = this.#options.clock.now().monoMs;
    this.#last = { endedMonoMs, costMs: endedMonoMs - startedMonoMs, sendMs };
    if (this.#isWaitedFor) this.#schedule();
  }

  #scheduledPass(): void {
    this.#isScheduled = false;
    this.flush();
  }

  #pass(): void {
    const { clock, presence, timers } = this.#options;
    const now = clock.now();
    const { version } = presence.roster;
    // Taken out first: a viewer who is closed for being slow changes the roster while this pass is under way.
    const changes = [...this.#changed.values()];
    this.#changed.clear();
    const pass = { from: this.#passedVersion, to: version, now, changes };
    this.#passedVersion = version;
    this.#hasNewcomer = false;
    const messages = new PassMessages(pass, clock);
    for (const viewer of this.#viewers) {
      if (!this.#isDue(viewer, version)) continue;
      const message = messages.for(viewer);
      viewer.sentVersion = version;
      viewer.missedPass = false;
      viewer.sendEvent(message);
      this.counts.eventsSent += 1;
    }
    this.counts.passes += 1;
    this.#isCatchingUp = true;
    const sendMs = clock.now().monoMs - now.monoMs - messages.makingMs;
    timers.soon(() => this.#caughtUp(now.monoMs, sendMs));
  }

  #isDue(viewer: Viewer, version: number): boolean {
    if (viewer.sentVersion >= version) return false;
    if (!viewer.isBehind) return true;
    viewer.missedPass = true;
    this.counts.conflated += 1;
    return false;
  }
}

/** What a pass says, made when the first viewer needs it. */
class PassMessages {
  /** Time spent on making them, milliseconds. */
  makingMs = 0;
  readonly #pass: Pass;
  readonly #clock: Clock;
  readonly #changes = new Map<Audience, MessageParts>();
  readonly #states = new Map<Audience, MessageParts>();

  constructor(pass: Pass, clock: Clock) {
    this.#pass = pass;
    this.#clock = clock;
  }

  /** The changes, for a viewer that knows what was before them; the whole state for any other. */
  for({ audience, sentVersion }: Viewer): MessageParts {
    const isState = sentVersion < this.#pass.from;
    const made = isState ? this.#states : this.#changes;
    const known = made.get(audience);
    if (known !== undefined) return known;
    const message = this.#make(audience, isState);
    made.set(audience, message);
    return message;
  }

  #make(audience: Audience, isState: boolean): MessageParts {
    const { to, now } = this.#pass;
    const startedMonoMs = this.#clock.now().monoMs;
    const message = isState ? audience.ofState(to, now) : audience.ofPass(this.#pass);
    this.makingMs += this.#clock.now().monoMs - startedMonoMs;
    return message;
  }
}
