import type { Instant, PresenceReader } from '../core/index.ts';
import { type JournalReader, JournalSink, Viewers, type ViewersOptions } from '../sinks/index.ts';
import type { GatewaySettings } from './gateway-options.ts';
import type { Presence } from './presence/presence.ts';
import type { PeriodicTask } from './time/schedule.ts';

/** Everything that a caller reads presence from: the list, lists and events in JSON, the journal. */
export interface Reading {
  readonly presence: PresenceReader;
  readonly viewers: Viewers;
  readonly journal: JournalReader;
}

type RestrictedSettings = GatewaySettings & Pick<ViewersOptions, 'onSlow' | 'unread'>;

interface RestrictedReading extends Reading {
  readonly journal: JournalSink;
}

/** Most entries that a journal of restricted readers keeps; it is in memory. */
const maxJournalEntries = 10_000;

/**
 * What callers read whose token is limited to some gateways (PU14): for every set of gateways a listing, viewers
 * and a journal of its own, created for the first caller. The number of tokens bounds how many there are.
 */
export class RestrictedReaders implements PeriodicTask {
  readonly #presence: Presence;
  readonly #settings: RestrictedSettings;
  readonly #readings = new Map<string, RestrictedReading>();

  constructor(presence: Presence, settings: RestrictedSettings) {
    this.#presence = presence;
    this.#settings = settings;
  }

  /** @param gateways names, in any order and case. */
  of(gateways: readonly string[]): Reading {
    const key = [...new Set(gateways.map((name) => name.toLowerCase()))].sort().join(',');
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const reading = this.#create(gateways);
    this.#readings.set(key, reading);
    return reading;
  }

  get streams(): number {
    let sum = 0;
    for (const { viewers } of this.#readings.values()) sum += viewers.streams.size;
    return sum;
  }

  /** Sends `tick` to streams. */
  run(now: Instant): number {
    const due = Array.from(this.#readings.values(), ({ viewers }) => viewers.streams.run(now));
    // A set that is created meanwhile has its first tick no earlier than this.
    return Math.min(now.monoMs + this.#settings.tickIntervalMs, ...due.filter((time) => time !== undefined));
  }

  /** Sends what is pending, and ends the streams. */
  end(reason: string): void {
    for (const { viewers } of this.#readings.values()) {
      viewers.fanOut.flush();
      viewers.streams.close(reason);
    }
  }

  /** Ends the streams that one credential opened. */
  closeOf(credential: string): void {
    for (const { viewers } of this.#readings.values()) viewers.streams.closeOf(credential);
  }

  #create(gateways: readonly string[]): RestrictedReading {
    const settings = this.#settings;
    const presence = this.#presence.restrictedReader(gateways, settings.newId());
    const journalEntries = Math.min(settings.journalEntries, maxJournalEntries);
    const journal = new JournalSink({ ...settings, journalEntries, journalFile: undefined });
    journal.start(presence);
    const viewers = new Viewers({ ...settings, presence, journal });
    viewers.start();
    return { presence, journal, viewers };
  }
}
