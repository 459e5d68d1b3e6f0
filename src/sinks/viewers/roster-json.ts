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

/** What lists are made from. */
export type RosterRows = Pick<PresenceReader, 'version' | 'list'>;

/** A list of which more than this part changed is joined anew. */
const rejoinShare = 1 / 4;

/**
 * JSON of all rows but the gateway's own, joined by commas, for one kind of fragment.
 *
 * Made once per version. Rows that change move to the front of the list, so that its end is the end of an earlier one: only the
 * front is joined anew. Many who connect at once, each to a version of its own, do not cost a copy of the whole list each.
 */
class ListBody {
  readonly #presence: RosterRows;
  readonly #fragmentOf: (view: InstanceView) => Uint8Array;
  /** A list that was joined as a whole, of which later ones use the end. */
  #whole:
    | { readonly version: number; readonly rows: readonly InstanceView[]; readonly bytes: Uint8Array }
    | undefined;
  #latest: { readonly version: number; readonly parts: MessageParts } | undefined;

  constructor(presence: RosterRows, fragmentOf: (view: InstanceView) => Uint8Array) {
    this.#presence = presence;
    this.#fragmentOf = fragmentOf;
  }

  /** The rows of the present version; empty when there is none. */
  parts(): MessageParts {
    const { version } = this.#presence;
    if (this.#latest?.version !== version) this.#latest = { version, parts: this.#join(version) };
    return this.#latest.parts;
  }

  /** The gateway's own row is fresh at every reading (PR2). */
  self(): Uint8Array | undefined {
    const [first] = this.#presence.list();
    return first?.self === true ? this.#fragmentOf(first) : undefined;
  }

  /** Lets go of a list that is too old to be of use. */
  dropOutdated(): void {
    const { version } = this.#presence;
    if (this.#latest?.version !== version) this.#latest = undefined;
    if (this.#whole === undefined) return;
    if (version - this.#whole.version > this.#whole.rows.length * rejoinShare) this.#whole = undefined;
  }

  #join(version: number): MessageParts {
    const rows: InstanceView[] = [];
    for (const view of this.#presence.list()) if (view.self !== true) rows.push(view);
    if (rows.length === 0) return [];
    const whole = this.#whole;
    const kept = whole === undefined ? 0 : commonEnd(rows, whole.rows);
    const changed = rows.length - kept;
    if (whole === undefined || changed > rows.length * rejoinShare) {
      const bytes = joinFragments(rows.map(this.#fragmentOf));
      this.#whole = { version, rows, bytes };
      return [bytes];
    }
    let offset = 0;
    for (const view of whole.rows.slice(0, whole.rows.length - kept))
      offset += this.#fragmentOf(view).length + 1;
    const end = whole.bytes.subarray(offset);
    return changed === 0 ? [end] : [joinFragments(rows.slice(0, changed).map(this.#fragmentOf)), ',', end];
  }
}

/** How many of the last items of two lists are the same objects. */
function commonEnd(a: readonly object[], b: readonly object[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** The lists that clients get, joined from cached fragments. */
export class RosterLists {
  readonly #fragments = new FragmentCache();
  readonly #entries: ListBody;
  readonly #views: ListBody;

  constructor(presence: RosterRows) {
    this.#entries = new ListBody(presence, (view) => this.#fragments.entry(view));
    this.#views = new ListBody(presence, (view) => this.#fragments.view(view));
  }

  /** JSON array of strict entries: self first, then newest first (PW6). */
  entries(): MessageParts {
    return list(this.#entries);
  }

  /** JSON array of instance views in the same order (PF3). */
  views(): MessageParts {
    return list(this.#views);
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

  /** Whoever encodes a changed row makes room. */
  #dropOutdated(): void {
    this.#entries.dropOutdated();
    this.#views.dropOutdated();
  }
}

function list(body: ListBody): MessageParts {
  const self = body.self();
  const rows = body.parts();
  if (self === undefined) return ['[', ...rows, ']'];
  return ['[', self, rows.length === 0 ? '' : ',', ...rows, ']'];
}

/** Parts of one message, in order; bytes are UTF-8 and are shared, not copied, when they are large. */
export type MessageParts = readonly (string | Uint8Array)[];

/** The parts in one buffer. */
export function joinParts(parts: MessageParts): Buffer<ArrayBuffer> {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
