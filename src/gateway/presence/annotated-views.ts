import {
  type AnnotationBook,
  type AnnotationSubject,
  type Change,
  type InstanceView,
  subjectsOf,
} from '../../core/index.ts';

/** Where annotations come from. */
export interface AnnotationsSource {
  readonly book: AnnotationBook;
  /** Grows with every change of the book. */
  readonly revision: number;
}

interface Annotated {
  readonly revision: number;
  readonly view: InstanceView;
}

/**
 * Views with what the operator says of them, apart from what clients say (PO1).
 *
 * One view has one annotated view, so that identity goes on telling whether a row changed. A gateway without annotations
 * pays nothing.
 */
export class AnnotatedViews {
  readonly #source: AnnotationsSource;
  readonly #annotated = new WeakMap<InstanceView, Annotated>();

  constructor(source: AnnotationsSource) {
    this.#source = source;
  }

  get hasAny(): boolean {
    return this.#source.book.size > 0;
  }

  *views(views: Iterable<InstanceView>): Generator<InstanceView, void, undefined> {
    for (const view of views) yield this.view(view);
  }

  view(view: InstanceView): InstanceView {
    const { book, revision } = this.#source;
    if (book.size === 0) return view;
    const known = this.#annotated.get(view);
    if (known?.revision === revision) return known.view;
    const annotations = book.of(view);
    const annotated = annotations === undefined ? view : { ...view, annotations };
    const isSame = known !== undefined && known.view.annotations === annotations;
    const kept = { revision, view: isSame ? known.view : annotated };
    this.#annotated.set(view, kept);
    return kept.view;
  }

  changes(changes: readonly Change[]): readonly Change[] {
    return this.#source.book.size === 0 ? changes : changes.map((change) => this.#change(change));
  }

  /** Keys of listed rows that have one of these subjects. */
  keysOf(subjects: ReadonlySet<AnnotationSubject>, views: Iterable<InstanceView>): readonly string[] {
    return [...views]
      .filter((view) => subjectsOf(view).some((subject) => subjects.has(subject)))
      .map(({ key }) => key);
  }

  #change(change: Change): Change {
    const { previous } = change;
    // As it was listed: a view that never was annotated had no annotations then.
    const before = previous && { previous: this.#annotated.get(previous)?.view ?? previous };
    return change.kind === 'upsert'
      ? { ...change, ...before, view: this.view(change.view) }
      : { ...change, ...before };
  }
}
