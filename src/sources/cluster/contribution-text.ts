import {
  type AnnotationRecord,
  type Contribution,
  type InstanceView,
  readAnnotations,
  readSubject,
  type Stamp,
} from '../../core/index.ts';
import { isCause, readView } from './view-fields.ts';

/**
 * Version of the format, for people who inspect an engine. Readers do not check it: they read the fields that they have and
 * keep all others, whatever the version (PC9).
 */
const formatVersion = 1;

/** A contribution as text, for an engine to keep. */
export function contributionText(contribution: Contribution): string {
  return JSON.stringify({ v: formatVersion, ...contribution });
}

/** Reads a contribution, also one of a newer program; `undefined` for what is none. */
export function parseContribution(value: unknown): Contribution | undefined {
  if (!isObject(value)) return undefined;
  const { memberId, key, view } = value;
  const stamp = parseStamp(value['stamp']);
  if (!isWord(memberId) || !isWord(key) || stamp === undefined) return undefined;
  if (view === undefined) {
    const cause = value['cause'];
    const annotation = parseAnnotation(value['annotation'], stamp);
    return { memberId, key, stamp, ...(isCause(cause) && { cause }), ...(annotation && { annotation }) };
  }
  const parsed = parseView(view, key);
  if (parsed === undefined) return undefined;
  const factsStamp = parseStamp(value['factsStamp']);
  return { memberId, key, stamp, view: parsed, ...(factsStamp !== undefined && { factsStamp }) };
}

function parseAnnotation(value: unknown, stamp: Stamp): AnnotationRecord | undefined {
  if (!isObject(value)) return undefined;
  const subject = readSubject(value['subject']);
  if (subject === undefined) return undefined;
  return { subject, stamp, annotations: readAnnotations(value['annotations']) };
}

/** Reads a stamp; `undefined` for what is none. */
export function parseStamp(value: unknown): Stamp | undefined {
  if (!isObject(value)) return undefined;
  const { ms, counter, memberId } = value;
  return isWhole(ms) && isWhole(counter) && isWord(memberId) ? { ms, counter, memberId } : undefined;
}

/** Reads text as JSON; `undefined` for what is none. */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseView(value: unknown, key: string): InstanceView | undefined {
  if (!isObject(value) || value['key'] !== key) return undefined;
  const view = readView(value);
  return isView(view) ? view : undefined;
}

function isView(view: Partial<InstanceView>): view is InstanceView {
  const { key, ts, connections, firstSeenAtMs, sources } = view;
  return [key, ts, connections, firstSeenAtMs, sources].every((part) => part !== undefined);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * True when a register was emptied by its own member: nothing needs to be stored of it. A takeover is stored until that
 * member has read it.
 */
export function isOver({ view, memberId, stamp }: Contribution): boolean {
  return view === undefined && stamp.memberId === memberId;
}
