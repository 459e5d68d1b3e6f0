import { ANNOTATION_BOUNDS, type Annotations } from './annotations.ts';
import type { InstanceView } from './entry.ts';
import { sourceOf } from './fact-source.ts';
import { compareStamps, type Stamp } from './hybrid-clock.ts';
import { comparableText, presenceKey, visibleText } from './text-form.ts';

/** What is annotated: a device, or an instance that has none that a handshake verified (PO3). */
export type AnnotationSubject = `device:${string}` | `instance:${string}`;

/** The latest annotations of one subject; empty when everything was taken back. */
export interface AnnotationRecord {
  readonly subject: AnnotationSubject;
  /** When it was written: of two records of a subject the later one holds (PO5). */
  readonly stamp: Stamp;
  readonly annotations: Annotations;
}

/** Change of the annotations of a subject: `null`, `false` and blank texts take back, absent fields stay. */
export interface AnnotationChange {
  readonly name?: string | null;
  readonly owner?: string | null;
  readonly note?: string | null;
  /** All labels anew. */
  readonly labels?: readonly string[] | null;
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
  readonly pin?: boolean | null;
  readonly mute?: boolean | null;
  readonly expected?: boolean | null;
}

/** What a row is annotated by, the best first: its verified device, then its key. */
export function subjectsOf(view: InstanceView): readonly AnnotationSubject[] {
  const device = sourceOf(view, 'deviceId') === 'connect' ? presenceKey(view.deviceId) : undefined;
  const byKey: AnnotationSubject = `instance:${view.key}`;
  return device === undefined ? [byKey] : [`device:${device}`, byKey];
}

/** The annotations after a change; texts are trimmed. */
export function changedAnnotations(before: Annotations, change: AnnotationChange): Annotations {
  const text = (field: 'name' | 'owner' | 'note'): string | undefined =>
    visibleText((change[field] === undefined ? before[field] : change[field]) ?? '') || undefined;
  const mark = (field: 'pin' | 'mute' | 'expected'): boolean | undefined =>
    change[field] === undefined ? before[field] : change[field] === true;
  return tidy({
    name: text('name'),
    owner: text('owner'),
    labels: changedLabels(before.labels ?? [], change),
    note: text('note'),
    pin: mark('pin'),
    mute: mark('mute'),
    expected: mark('expected'),
  });
}

function changedLabels(before: readonly string[], change: AnnotationChange): readonly string[] {
  const { labels, addLabels = [], removeLabels = [] } = change;
  const dropped = new Set(removeLabels.map(foldedLabel));
  const base = labels === undefined ? before : (labels ?? []);
  const kept = new Map<string, string>();
  for (const label of [...base, ...addLabels]) {
    const folded = foldedLabel(label);
    if (folded !== '' && !dropped.has(folded) && !kept.has(folded)) kept.set(folded, visibleText(label));
  }
  return [...kept.values()];
}

function foldedLabel(label: string): string {
  return comparableText(label);
}

interface LooseAnnotations {
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly pin?: boolean | undefined;
  readonly mute?: boolean | undefined;
  readonly expected?: boolean | undefined;
}

function tidy({ name, owner, labels = [], note, pin, mute, expected }: LooseAnnotations): Annotations {
  return {
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner }),
    ...(labels.length > 0 && { labels }),
    ...(note !== undefined && { note }),
    ...(pin === true && { pin }),
    ...(mute === true && { mute }),
    ...(expected === true && { expected }),
  };
}

/** Reads annotations that came from a file or another gateway; what is out of bounds is left out (PO2). */
export function readAnnotations(value: unknown): Annotations {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Readonly<Record<string, unknown>>;
  const text = (field: 'name' | 'owner' | 'note'): string | undefined =>
    boundedText(given[field], ANNOTATION_BOUNDS[field]);
  const { labels, pin, mute, expected } = given;
  const words = Array.isArray(labels)
    ? labels.map((label) => boundedText(label, ANNOTATION_BOUNDS.label))
    : [];
  const known = words.filter((label) => label !== undefined).slice(0, ANNOTATION_BOUNDS.labels);
  return tidy({
    name: text('name'),
    owner: text('owner'),
    labels: changedLabels([], { labels: known }),
    note: text('note'),
    pin: pin === true,
    mute: mute === true,
    expected: expected === true,
  });
}

function boundedText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string' || value.length > maxLength) return undefined;
  return visibleText(value) || undefined;
}

/** Reads a subject; `undefined` for what is none. */
export function readSubject(value: unknown): AnnotationSubject | undefined {
  if (typeof value !== 'string') return undefined;
  const [, kind, name] = /^(device|instance):(.+)$/su.exec(value) ?? [];
  const key = presenceKey(name);
  if (kind === undefined || key === undefined) return undefined;
  return kind === 'device' ? `device:${key}` : `instance:${key}`;
}

/**
 * All that operators said, the latest of each subject.
 *
 * Registers in which the later stamp holds: gateways that saw the same records in any order hold the same.
 */
export class AnnotationBook {
  readonly #records = new Map<AnnotationSubject, AnnotationRecord>();

  get size(): number {
    return this.#records.size;
  }

  records(): readonly AnnotationRecord[] {
    return [...this.#records.values()];
  }

  get(subject: AnnotationSubject): AnnotationRecord | undefined {
    return this.#records.get(subject);
  }

  /** Takes a record when it is later than the known one; true when it did. */
  put(record: AnnotationRecord): boolean {
    const known = this.#records.get(record.subject);
    if (known !== undefined && compareStamps(record.stamp, known.stamp) <= 0) return false;
    this.#records.set(record.subject, record);
    return true;
  }

  /** The annotations of a row; `undefined` when it has none. */
  of(view: InstanceView): Annotations | undefined {
    const known = subjectsOf(view).map((subject) => this.#records.get(subject));
    const annotations = known.find((record) => record !== undefined)?.annotations;
    return annotations === undefined || Object.keys(annotations).length === 0 ? undefined : annotations;
  }
}
