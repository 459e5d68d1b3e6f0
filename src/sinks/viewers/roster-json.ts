import { entryOf, type InstanceView, type PresenceReader } from '../../core/index.ts';

/**
 * JSON of rows as UTF-8, made once per change.
 *
 * A view is immutable and a changed row has a new one, so the object itself is the key and nothing needs to be
 * invalidated. Bytes, not text: a list is then copied together, and no row is encoded twice.
 */
export class FragmentCache {
  readonly #entries = new WeakMap<InstanceView, Uint8Array>();
  readonly #views = new WeakMap<InstanceView, Uint8Array>();

  /** The strict entry (PF1). */
  entry(view: InstanceView): Uint8Array {
    let fragment = this.#entries.get(view);
    if (fragment === undefined) {
      fragment = Buffer.from(JSON.stringify(entryOf(view)));
      this.#entries.set(view, fragment);
    }
    return fragment;
  }

  /** The whole instance view (PF3). */
  view(view: InstanceView): Uint8Array {
    let fragment = this.#views.get(view);
    if (fragment === undefined) {
      fragment = Buffer.from(JSON.stringify(view));
      this.#views.set(view, fragment);
    }
    return fragment;
  }
}

const comma = 0x2c;

/** The fragments with a comma between each two, in one buffer. */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  let bytes = Math.max(0, fragments.length - 1);
  for (const fragment of fragments) bytes += fragment.length;
  const joined = Buffer.allocUnsafe(bytes);
  let offset = 0;
  for (const fragment of fragments) {
    if (offset > 0) joined[offset++] = comma;
    joined.set(fragment, offset);
    offset += fragment.length;
  }
  return joined;
}

interface Body {
  readonly version: number;
  /** JSON of all rows but the gateway's own, joined by commas. */
  readonly bytes: Uint8Array;
}

/** What lists are made from. */
export type RosterRows = Pick<PresenceReader, 'version' | 'list'>;

type FragmentOf = (view: InstanceView) => Uint8Array;

/**
 * The lists that clients get, joined from cached fragments once per version and kind.
 *
 * The gateway's own row is fresh at every reading (PR2), so it is made anew and put before the cached rest.
 */
export class RosterLists {
  readonly #presence: RosterRows;
  readonly #fragments = new FragmentCache();
  #entries: Body | undefined;
  #views: Body | undefined;

  constructor(presence: RosterRows) {
    this.#presence = presence;
  }

  /** JSON array of strict entries: self first, then newest first (PW6). */
  entries(): MessageParts {
    this.#entries = this.#current(this.#entries, (view) => this.#fragments.entry(view));
    return this.#list(this.#entries, (view) => this.#fragments.entry(view));
  }

  /** JSON array of instance views in the same order (PF3). */
  views(): MessageParts {
    this.#views = this.#current(this.#views, (view) => this.#fragments.view(view));
    return this.#list(this.#views, (view) => this.#fragments.view(view));
  }

  /** JSON of the strict entry of one view. */
  entry(view: InstanceView): Uint8Array {
    this.#dropOutdated();
    return this.#fragments.entry(view);
  }

  /** JSON of one view. */
  view(view: InstanceView): Uint8Array {
    this.#dropOutdated();
    return this.#fragments.view(view);
  }

  /** Whoever encodes a changed row makes room: a whole list of a former version is of no use. */
  #dropOutdated(): void {
    const { version } = this.#presence;
    if (this.#entries?.version !== version) this.#entries = undefined;
    if (this.#views?.version !== version) this.#views = undefined;
  }

  #current(body: Body | undefined, fragmentOf: FragmentOf): Body {
    const { version } = this.#presence;
    if (body?.version === version) return body;
    const fragments: Uint8Array[] = [];
    for (const view of this.#presence.list()) if (view.self !== true) fragments.push(fragmentOf(view));
    return { version, bytes: joinFragments(fragments) };
  }

  #list({ bytes }: Body, fragmentOf: FragmentOf): MessageParts {
    const [self] = this.#presence.list();
    if (self?.self !== true) return ['[', bytes, ']'];
    return ['[', fragmentOf(self), bytes.length === 0 ? '' : ',', bytes, ']'];
  }
}

/** Parts of one message, in order; bytes are UTF-8 and are shared, not copied, when they are large. */
export type MessageParts = readonly (string | Uint8Array)[];

/** The parts in one buffer. */
export function joinParts(parts: MessageParts): Buffer<ArrayBuffer> {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
