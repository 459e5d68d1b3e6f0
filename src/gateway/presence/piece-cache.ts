import { entryOf, type InstanceView } from '../../core/index.ts';

/**
 * JSON of rows as UTF-8, made once per change.
 *
 * A view is immutable and a changed row has a new one, so the object itself is the key and nothing needs to be
 * invalidated. Bytes, not text: a list is then copied together, and no row is encoded twice.
 */
export class PieceCache {
  readonly #entries = new WeakMap<InstanceView, Uint8Array>();
  readonly #views = new WeakMap<InstanceView, Uint8Array>();

  /** The strict entry (PF1). */
  entry(view: InstanceView): Uint8Array {
    let piece = this.#entries.get(view);
    if (piece === undefined) {
      piece = Buffer.from(JSON.stringify(entryOf(view)));
      this.#entries.set(view, piece);
    }
    return piece;
  }

  /** The whole instance view (PF3). */
  view(view: InstanceView): Uint8Array {
    let piece = this.#views.get(view);
    if (piece === undefined) {
      piece = Buffer.from(JSON.stringify(view));
      this.#views.set(view, piece);
    }
    return piece;
  }
}

const comma = 0x2c;

/** The pieces with a comma between each two, in one buffer. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  let bytes = Math.max(0, pieces.length - 1);
  for (const piece of pieces) bytes += piece.length;
  const joined = Buffer.allocUnsafe(bytes);
  let offset = 0;
  for (const piece of pieces) {
    if (offset > 0) joined[offset++] = comma;
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
