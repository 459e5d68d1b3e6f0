import type { AnnotationRecord, Contribution } from '../../core/index.ts';

/** Annotations of operators, as a cluster shares them (PO5). */
export interface SharedAnnotations {
  /** True while there is something to send. */
  readonly hasOutgoing: boolean;
  /** What must be sent since the last time. */
  takeOutgoing(): readonly AnnotationRecord[];
  /** All records, for an announcement. */
  everything(): readonly AnnotationRecord[];
  /** A member joined that may have nothing: everything must be sent. */
  repeat(): void;
  receive(records: readonly AnnotationRecord[]): void;
}

/** The member of registers that belong to no gateway: of one subject all gateways write the same. */
const sharedMember = 'annotations';

/** Records as contributions, for engines to keep. */
export function annotationContributions(records: readonly AnnotationRecord[]): readonly Contribution[] {
  return records.map((annotation) => ({
    memberId: sharedMember,
    key: annotation.subject,
    stamp: annotation.stamp,
    annotation,
  }));
}

/** Contributions about rows, and the records among the others. */
export function splitAnnotations(contributions: readonly Contribution[]): {
  readonly rows: readonly Contribution[];
  readonly records: readonly AnnotationRecord[];
} {
  const records = contributions.map(({ annotation }) => annotation).filter((record) => record !== undefined);
  if (records.length === 0) return { rows: contributions, records };
  return { rows: contributions.filter(({ annotation }) => annotation === undefined), records };
}
