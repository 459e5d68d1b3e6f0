import type {
  ActivityUpdate,
  AnnotationSubject,
  BeaconUpdate,
  Cause,
  Change,
  ChangeListener,
  Clock,
  ConnectUpdate,
  Facts,
  InstanceView,
  Instant,
  Logger,
  Outcome,
  PresenceReader,
  Refusal,
  Roster,
  Target,
} from '../../core/index.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import { AnnotatedViews, type AnnotationsSource } from './annotated-views.ts';
import { ChangeFeed } from './change-feed.ts';

export interface PresenceOptions {
  readonly roster: Roster;
  /** Random id of this run. */
  readonly epoch: string;
  readonly clock: Clock;
  /** How long renewals wait before viewers see them, milliseconds (PE4). */
  readonly renewalMs: number;
  readonly logger: Logger;
  /** What the operator says of rows; default nothing (PO1). */
  readonly annotations?: AnnotationsSource;
}

/** The roster of a gateway in time: one object to write it, and readers that cannot. */
export class Presence {
  /** For sources, sessions and operations. */
  readonly writer: PresenceWriter;
  readonly #feed: ChangeFeed;
  readonly #annotated: AnnotatedViews | undefined;
  readonly #options: PresenceOptions;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#feed = new ChangeFeed(options.logger);
    this.#annotated = options.annotations && new AnnotatedViews(options.annotations);
    this.writer = new PresenceWriter(options, this.#feed, this.#annotated);
  }

  /** What listeners threw so far, by the name of their reader. */
  get errors(): ReadonlyMap<string, number> {
    return this.#feed.errors;
  }

  /** A reader for one consumer; what its listeners throw is logged and counted under the name. */
  readerFor(name: string): PresenceReader {
    return new RosterReader(name, this.#options.roster, this.#options, this.#feed, this.#annotated);
  }

  /**
   * A reader that sees the rows of some gateways only (PU14).
   *
   * @param gateways names, as in `gateways` of a row.
   * @param epoch an id of its own: its versions do not compare with those of others.
   */
  restrictedReader(gateways: readonly string[], epoch: string): PresenceReader {
    const { roster, clock, logger } = this.#options;
    const feed = new ChangeFeed(logger);
    const publish = (changes: readonly Change[]): void =>
      feed.publish(this.#annotated?.changes(changes) ?? changes);
    const restricted = roster.restrict(gateways, publish, clock.now());
    this.#feed.publish(this.#annotated?.changes(restricted.changes) ?? restricted.changes);
    return new RosterReader(
      'restricted readers',
      restricted.listing,
      { epoch, clock },
      feed,
      this.#annotated,
    );
  }
}

/** What a reader reads. */
type Listing = Pick<Roster, 'version' | 'size' | 'maxEntries' | 'evictions' | 'view'> & {
  views(now: Instant): Iterable<InstanceView>;
};

class RosterReader implements PresenceReader {
  readonly epoch: string;
  readonly #name: string;
  readonly #roster: Listing;
  readonly #clock: Clock;
  readonly #feed: ChangeFeed;
  readonly #annotated: AnnotatedViews | undefined;

  constructor(
    name: string,
    listing: Listing,
    { epoch, clock }: Pick<PresenceOptions, 'epoch' | 'clock'>,
    feed: ChangeFeed,
    annotated: AnnotatedViews | undefined,
  ) {
    this.epoch = epoch;
    this.#annotated = annotated;
    this.#name = name;
    this.#roster = listing;
    this.#clock = clock;
    this.#feed = feed;
  }

  get version(): number {
    return this.#roster.version;
  }

  get size(): number {
    return this.#roster.size;
  }

  get maxEntries(): number {
    return this.#roster.maxEntries;
  }

  get evictions(): number {
    return this.#roster.evictions;
  }

  now(): Instant {
    return this.#clock.now();
  }

  get(key: string): InstanceView | undefined {
    const view = this.#roster.view(key, this.now());
    return view === undefined ? undefined : (this.#annotated?.view(view) ?? view);
  }

  list(): Iterable<InstanceView> {
    const views = this.#roster.views(this.now());
    return this.#annotated?.hasAny === true ? this.#annotated.views(views) : views;
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#feed.subscribe(this.#name, listener, this.version);
  }
}

/**
 * Changes the roster: reads the clock for it, lets rows expire, and publishes every visible change.
 *
 * Held by sources, sessions and operations only. Nothing that a listener throws reaches the caller of a method.
 */
export class PresenceWriter implements PeriodicTask {
  readonly #roster: Roster;
  readonly #clock: Clock;
  readonly #renewalMs: number;
  readonly #feed: ChangeFeed;
  readonly #annotated: AnnotatedViews | undefined;
  #renewalsDueMonoMs: number | undefined;

  constructor(
    { roster, clock, renewalMs }: PresenceOptions,
    feed: ChangeFeed,
    annotated: AnnotatedViews | undefined,
  ) {
    this.#roster = roster;
    this.#annotated = annotated;
    this.#clock = clock;
    this.#renewalMs = renewalMs;
    this.#feed = feed;
  }

  setSelf(facts: Facts): void {
    this.#publish(this.#roster.setSelf(facts, this.#clock.now()));
  }

  connect(update: ConnectUpdate): Outcome {
    return this.#published(this.#roster.connect(update, this.#clock.now()));
  }

  /** A connection closed; `cause` says why, `unknown` by default (PJ1). */
  disconnect(connectionId: string, cause?: Cause): void {
    this.#publish(this.#roster.disconnect(connectionId, this.#clock.now(), cause));
  }

  beacon(update: BeaconUpdate): Outcome {
    return this.#published(this.#roster.beacon(update, this.#clock.now()));
  }

  activity(update: ActivityUpdate): Outcome {
    return this.#published(this.#roster.activity(update, this.#clock.now()));
  }

  /** Drops a row that has no live connection because somebody removed it (PO7). */
  forget(key: string, cause: Cause): void {
    this.#publish(this.#roster.forget(key, this.#clock.now(), cause));
  }

  /** Shows rows of these subjects anew: the operator said something of them (PO4). */
  annotated(subjects: ReadonlySet<AnnotationSubject>): void {
    const now = this.#clock.now();
    const keys = this.#annotated?.keysOf(subjects, this.#roster.views(now)) ?? [];
    this.#publish(this.#roster.republish(keys, now));
  }

  /** Makes a change that no client of this gateway asked for, and publishes it. */
  replicate(change: (now: Instant) => readonly Change[]): void {
    this.#publish(change(this.#clock.now()));
  }

  /** A live connection answered its ping (PR7). */
  renew(connectionId: string, rttMs: number): void {
    const now = this.#clock.now();
    this.#publish(this.#roster.renew(connectionId, rttMs, now));
    if (this.#roster.pendingRenewals > 0) this.#renewalsDueMonoMs ??= now.monoMs + this.#renewalMs;
  }

  /** Which row a beacon is about, without changing anything (PK3, PK4, PA5). */
  target(update: BeaconUpdate): Target | { readonly refusal: Refusal } {
    return this.#roster.target(update);
  }

  /** Key of the row of a live connection; `undefined` for an unknown one. Hidden ones have a key, but no row. */
  keyOf(connectionId: string | undefined): string | undefined {
    return this.#roster.keyOf(connectionId);
  }

  /** Lets rows expire, and renewals that waited `renewalMs` be seen (PT2, PE4). */
  run(now: Instant): number | undefined {
    this.#publish(this.#roster.sweep(now));
    if (this.#renewalsDueMonoMs !== undefined && now.monoMs >= this.#renewalsDueMonoMs) {
      this.#publish(this.#roster.publishRenewals(now));
    }
    if (this.#roster.pendingRenewals === 0) this.#renewalsDueMonoMs = undefined;
    return earlier(this.#roster.nextExpiryMonoMs(now), this.#renewalsDueMonoMs);
  }

  #published(outcome: Outcome): Outcome {
    if ('changes' in outcome) this.#publish(outcome.changes);
    return outcome;
  }

  #publish(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#renewalsDueMonoMs = undefined;
    this.#feed.publish(this.#annotated?.changes(changes) ?? changes);
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
