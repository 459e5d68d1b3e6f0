import type { Change, Clock, Instant } from '../core/index.ts';
import { eventFrameHead, eventFrameMiddle } from '../protocol/index.ts';
import { type PassRecord, passWaitMs } from './pass-window.ts';
import type { Presence } from './presence.ts';
import type { RosterLists } from './roster-lists.ts';
import type { Timers } from './timers.ts';
import type { MessageParts } from './transport.ts';
import type { Viewer, ViewerKind } from './viewer.ts';

/** What the fan-out did, for metrics. */
export interface FanOutCounts {
  passes: number;
  eventsSent: number;
  /** Events that were skipped for a reader who was behind (PL2). */
  conflated: number;
}

export interface FanOutOptions {
  readonly presence: Presence;
  readonly lists: RosterLists;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Longest wait of a busy gateway before a pass, milliseconds (PE1). */
  readonly maxCoalesceMs: number;
}

/**
 * Sends visible changes to viewers in passes (PE1).
 *
 * Changes are collected, the last one of a row wins, and a pass sends them all: one delta and one list are made for
 * everybody, and each viewer gets one event with its own sequence number at the end.
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
    const now = clock.now();
    viewer.sendEvent(viewer.kind === 'delta' ? this.#wholeDelta(version, now) : this.#list(version, now));
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
    const from = this.#passedVersion;
    const made: Partial<Record<ViewerKind, MessageParts>> = {};
    for (const viewer of this.#viewers) {
      if (!this.#isDue(viewer, version)) continue;
      const { kind } = viewer;
      const message =
        made[kind] ?? (kind === 'list' ? this.#list(version, now) : this.#delta(from, version, now));
      made[kind] = message;
      viewer.sentVersion = version;
      viewer.sendEvent(message);
      this.counts.eventsSent += 1;
    }
    this.#changed.clear();
    this.#passedVersion = version;
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

  #list(version: number, now: Instant): MessageParts {
    const payload = ['{"presence":', ...this.#options.lists.entries(now), '}'];
    return event('presence', payload, version);
  }

  #delta(from: number, to: number, now: Instant): MessageParts {
    const { lists } = this.#options;
    const upserts: string[] = [];
    const removed: string[] = [];
    for (const change of this.#changed.values()) {
      if (change.kind === 'upsert') upserts.push(lists.view(change.view));
      else removed.push(change.key);
    }
    const upsert = [`[${upserts.join(',')}]`];
    return event('presence.delta', this.#deltaPayload({ from, to, now, upsert, removed }), to);
  }

  /** A delta from nothing: the whole roster. */
  #wholeDelta(to: number, now: Instant): MessageParts {
    const upsert = this.#options.lists.views(now);
    return event('presence.delta', this.#deltaPayload({ from: 0, to, now, upsert, removed: [] }), to);
  }

  #deltaPayload(delta: {
    from: number;
    to: number;
    now: Instant;
    upsert: MessageParts;
    removed: readonly string[];
  }): MessageParts {
    const { from, to, now, upsert, removed } = delta;
    const epoch = JSON.stringify(this.#options.presence.epoch);
    const head = `{"epoch":${epoch},"from":${from},"to":${to},"now":${Math.round(now.wallMs)},"upsert":`;
    return [head, ...upsert, `,"remove":${JSON.stringify(removed)}}`];
  }
}

/** The bytes of an event up to the sequence number, encoded once for all viewers. */
function event(name: string, payload: MessageParts, version: number): MessageParts {
  const parts = [eventFrameHead(name), ...payload, eventFrameMiddle({ presence: version, health: 0 })];
  return [Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))];
}
