import { entryOf, type InstanceView } from '../../core/index.ts';

interface Piece {
  readonly entry: string;
  view: string | undefined;
}

/**
 * JSON of rows, made once per change.
 *
 * A view is immutable and a changed row has a new one, so the object itself is the key and nothing needs to be
 * invalidated.
 */
export class PieceCache {
  readonly #pieces = new WeakMap<InstanceView, Piece>();

  /** JSON of the strict entry (PF1). */
  entry(view: InstanceView): string {
    return this.#piece(view).entry;
  }

  /** JSON of the whole instance view (PF3). */
  view(view: InstanceView): string {
    const piece = this.#piece(view);
    piece.view ??= JSON.stringify(view);
    return piece.view;
  }

  #piece(view: InstanceView): Piece {
    let piece = this.#pieces.get(view);
    if (piece === undefined) {
      piece = { entry: JSON.stringify(entryOf(view)), view: undefined };
      this.#pieces.set(view, piece);
    }
    return piece;
  }
}
