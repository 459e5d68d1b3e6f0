import type { Cause, InstanceView, Instant, PresenceReader } from '../../core/index.ts';
import { deltaParts, type Encoder, type Flush } from './encoder.ts';
import type { MessageParts } from './roster-json.ts';
import { joinFragments, type RosterLists } from './roster-json.ts';

/** Which rows a reader wants. */
export interface RowFilter {
  fits(view: InstanceView, nowMs: number): boolean;
  /** Whether a row may begin or cease to fit as time goes on. */
  readonly dependsOnTime: boolean;
}

/** What a filtered encoder is made of. */
export interface FilteredEncoderOptions {
  readonly presence: PresenceReader;
  readonly lists: RosterLists;
  readonly filter: RowFilter;
  /** Makes an event of a delta. */
  readonly event: (name: 'snapshot' | 'delta', version: number, json: MessageParts) => MessageParts;
}

/**
 * Encodes the events of one reader that wants some rows only (PE5).
 *
 * It knows which rows the reader has, so a row that begins to fit is an upsert, one that ceases to is removed. Changes of which
 * the reader has nothing make no message.
 */
export class FilteredEncoder implements Encoder {
  readonly #options: FilteredEncoderOptions;
  #listed = new Set<string>();
  /** Version of the last event: an event goes on from there, since those between had nothing to say. */
  #sentTo = 0;

  constructor(options: FilteredEncoderOptions) {
    this.#options = options;
  }

  encodeSnapshot(version: number, now: Instant): MessageParts {
    const { presence, filter } = this.#options;
    const views = [...presence.list()].filter((view) => filter.fits(view, now.wallMs));
    this.#listed = new Set(views.map(({ key }) => key));
    this.#sentTo = 0;
    return this.#event('snapshot', { to: version, now, views, removed: [], causes: [] });
  }

  encodeDelta({ to, now, changes }: Flush): MessageParts {
    const views: InstanceView[] = [];
    const removed: string[] = [];
    const causes: [string, Cause][] = [];
    for (const change of changes) {
      if (change.kind === 'upsert' && this.#options.filter.fits(change.view, now.wallMs)) {
        views.push(change.view);
        this.#listed.add(change.key);
      } else if (this.#listed.delete(change.key)) {
        removed.push(change.key);
        if (change.kind !== 'upsert' && change.cause !== undefined) causes.push([change.key, change.cause]);
      }
    }
    return this.#event('delta', { to, now, views, removed, causes });
  }

  /** The time went on: rows that begin or cease to fit. */
  encodeTime(now: Instant): MessageParts {
    const { presence, filter } = this.#options;
    if (!filter.dependsOnTime) return [];
    const views: InstanceView[] = [];
    const removed: string[] = [];
    for (const view of presence.list()) {
      const fits = filter.fits(view, now.wallMs);
      if (fits === this.#listed.has(view.key)) continue;
      if (fits) views.push(view);
      else removed.push(view.key);
    }
    for (const { key } of views) this.#listed.add(key);
    for (const key of removed) this.#listed.delete(key);
    return this.#event('delta', { to: this.#sentTo, now, views, removed, causes: [] });
  }

  #event(
    name: 'snapshot' | 'delta',
    {
      to,
      now,
      views,
      removed,
      causes,
    }: {
      readonly to: number;
      readonly now: Instant;
      readonly views: readonly InstanceView[];
      readonly removed: readonly string[];
      readonly causes: readonly (readonly [string, Cause])[];
    },
  ): MessageParts {
    if (name === 'delta' && views.length + removed.length === 0) return [];
    const { presence, lists, event } = this.#options;
    const from = this.#sentTo;
    this.#sentTo = to;
    const upsert: MessageParts = ['[', joinFragments(views.map((view) => lists.view(view))), ']'];
    return event(name, to, deltaParts({ from, to, now, epoch: presence.epoch, upsert, removed, causes }));
  }
}
