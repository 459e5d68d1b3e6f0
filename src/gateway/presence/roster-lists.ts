import type { InstanceView, Instant, Roster } from '../../core/index.ts';
import type { MessageParts } from '../transport.ts';
import { joinPieces, PieceCache } from './piece-cache.ts';

interface Body {
  readonly version: number;
  /** JSON of all rows but the gateway's own, joined by commas. */
  readonly bytes: Uint8Array;
}

type PieceOf = (view: InstanceView) => Uint8Array;

/**
 * The lists that clients get, joined from cached pieces once per version and audience.
 *
 * The gateway's own row is fresh at every reading (PR2), so it is made anew and put before the cached rest.
 */
export class RosterLists {
  readonly #roster: Roster;
  readonly #pieces = new PieceCache();
  #entries: Body | undefined;
  #views: Body | undefined;

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** JSON array of strict entries: self first, then newest first (PW6). */
  entries(now: Instant): MessageParts {
    this.#entries = this.#current(this.#entries, now, (view) => this.#pieces.entry(view));
    return this.#list(now, this.#entries, (view) => this.#pieces.entry(view));
  }

  /** JSON array of instance views in the same order (PF3). */
  views(now: Instant): MessageParts {
    this.#views = this.#current(this.#views, now, (view) => this.#pieces.view(view));
    return this.#list(now, this.#views, (view) => this.#pieces.view(view));
  }

  /** JSON of the strict entry of one view. */
  entry(view: InstanceView): Uint8Array {
    return this.#pieces.entry(view);
  }

  /** JSON of one view. */
  view(view: InstanceView): Uint8Array {
    return this.#pieces.view(view);
  }

  #current(body: Body | undefined, now: Instant, pieceOf: PieceOf): Body {
    const { version } = this.#roster;
    if (body?.version === version) return body;
    const pieces: Uint8Array[] = [];
    for (const view of this.#roster.views(now)) if (view.self !== true) pieces.push(pieceOf(view));
    return { version, bytes: joinPieces(pieces) };
  }

  #list(now: Instant, { bytes }: Body, pieceOf: PieceOf): MessageParts {
    const [self] = this.#roster.views(now);
    if (self?.self !== true) return ['[', bytes, ']'];
    return ['[', pieceOf(self), bytes.length === 0 ? '' : ',', bytes, ']'];
  }
}
