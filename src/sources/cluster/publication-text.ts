import type { Contribution } from '../../core/index.ts';
import { isObject, isWhole, isWord, parseContribution, parseStamp } from './contribution-text.ts';
import type { MemberRecord } from './member-record.ts';

/** A record as text, for an engine to keep. */
export function recordText(record: MemberRecord): string {
  return JSON.stringify({ v: 1, ...record });
}

/** Reads a record, also one of a newer program; `undefined` for what is none. */
export function parseRecord(value: unknown): MemberRecord | undefined {
  if (!isObject(value)) return undefined;
  const { memberId, host, pid, startedAtMs, saidAtMs, state } = value;
  const asOf = parseStamp(value['asOf']);
  if (!isWord(memberId) || !isWord(host) || !isWhole(pid) || asOf === undefined) return undefined;
  if (!isWhole(startedAtMs) || !isWhole(saidAtMs)) return undefined;
  return { memberId, host, pid, startedAtMs, saidAtMs, state: state === 'left' ? 'left' : 'live', asOf };
}

/** Reads a list of contributions; what is none is left out. */
export function parseContributions(values: unknown): readonly Contribution[] {
  if (!Array.isArray(values)) return [];
  return values.map(parseContribution).filter((contribution) => contribution !== undefined);
}
