/** What the operator states of a machine, apart from what clients report (PO1). A text is never blank, a mark is true or absent. */
export interface Annotations {
  readonly name?: string;
  readonly owner?: string;
  /** Without doubles in any letter case, in the order in which they were given; never empty. */
  readonly labels?: readonly string[];
  readonly note?: string;
  /** Shown first. */
  readonly pin?: true;
  /** Never asks for attention. */
  readonly mute?: true;
  /** Is missed when it is not there. */
  readonly expected?: true;
}

/** Bounds of annotations: characters of a text, and labels of a machine (PO2). */
export const ANNOTATION_BOUNDS = { name: 200, owner: 200, note: 2_000, label: 64, labels: 32 } as const;
