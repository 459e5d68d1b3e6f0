import type { Contribution, Holdings, MemberId } from '../../core/index.ts';
import { isObject, isWhole, isWord, parseContribution, parseStamp } from './contribution-text.ts';
import type { MemberRecord } from './member-record.ts';

/** Most members that one record requests everything of. */
const maxAsks = 1_000;
/** Most characters of an id or the name of a machine. */
const maxName = 512;

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
  if (memberId.length > maxName || host.length > maxName) return undefined;
  return {
    ...{ memberId, host, pid, startedAtMs, saidAtMs, state: state === 'left' ? 'left' : 'live', asOf },
    ...parseNews(value),
  };
}

/** Fields that older gateways do not send. */
function parseNews({
  sequence,
  holds,
  asks,
  place,
}: Readonly<Record<string, unknown>>): Pick<MemberRecord, 'sequence' | 'holds' | 'asks' | 'place'> {
  return {
    ...(isWhole(sequence) && { sequence }),
    ...(isHoldings(holds) && { holds: { count: holds.count, digest: holds.digest } }),
    ...(Array.isArray(asks) && { asks: asks.filter(isWord).slice(0, maxAsks) }),
    ...(isWord(place) && { place: place.slice(0, 128) }),
  };
}

function isHoldings(value: unknown): value is Holdings {
  return isObject(value) && isWhole(value['count']) && isWord(value['digest']);
}

/** Contributions that could be read, and whose the others are. */
export interface ReadContributions {
  readonly contributions: readonly Contribution[];
  readonly unreadable: readonly MemberId[];
}

/** Reads a list of contributions; what is none is counted for `memberId` where it names no member. */
export function readContributions(values: unknown, memberId: MemberId): ReadContributions {
  if (!Array.isArray(values)) return { contributions: [], unreadable: [] };
  const contributions: Contribution[] = [];
  const unreadable: MemberId[] = [];
  for (const value of values) {
    const contribution = parseContribution(value);
    if (contribution !== undefined) contributions.push(contribution);
    else unreadable.push(memberId);
  }
  return { contributions, unreadable };
}
