import {
  type AnnotationRecord,
  type AnnotationSubject,
  type Annotations,
  readAnnotations,
  readSubject,
  type Stamp,
} from '../../core/index.ts';

/** A record of the file; one that was written by hand may have no stamp. */
export interface FileRecord {
  readonly subject: AnnotationSubject;
  readonly stamp: Stamp | undefined;
  readonly annotations: Annotations;
}

/** Reads the text of the file. Throws `TypeError` for one that holds something else. */
export function parseAnnotationsText(text: string): readonly FileRecord[] {
  const items = itemsOf(text);
  if (items === undefined) {
    throw new TypeError('it is not JSON of the form {"annotations": [{"device": "…", "name": "…"}]}');
  }
  return items.map(fileRecord);
}

/** The text that {@link parseAnnotationsText} reads. */
export function annotationsText(records: readonly AnnotationRecord[]): string {
  const items = records.map(({ subject, stamp, annotations }) => {
    const end = subject.indexOf(':');
    return { [subject.slice(0, end)]: subject.slice(end + 1), ...annotations, stamp };
  });
  return `${JSON.stringify({ annotations: items }, undefined, 2)}\n`;
}

function itemsOf(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const items = (value as { annotations?: unknown } | null)?.annotations;
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

function fileRecord(value: unknown, index: number): FileRecord {
  const { device, instance, stamp } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const subject = readSubject(device === undefined ? `instance:${instance}` : `device:${device}`);
  if (subject === undefined || (device ?? instance) === undefined) {
    throw new TypeError(`annotation ${index + 1} names neither a "device" nor an "instance"`);
  }
  return { subject, stamp: stampOf(stamp), annotations: readAnnotations(value) };
}

function stampOf(value: unknown): Stamp | undefined {
  const { ms, counter, memberId } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isWhole = (number: unknown): number is number => Number.isSafeInteger(number) && Number(number) >= 0;
  if (!isWhole(ms) || !isWhole(counter) || typeof memberId !== 'string') return undefined;
  return { ms, counter, memberId };
}
