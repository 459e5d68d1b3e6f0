import { type Contribution, compareStamps, type Stamp } from '../../core/index.ts';
import type { Stored } from './engine.ts';

/**
 * What an engine lost of a member's own registers, and which outdated ones it kept (PC12).
 *
 * @param own everything that the member publishes.
 * @param asOf it was published up to this stamp; what is later may be in transit.
 */
export function lostRegisters(
  own: readonly Contribution[],
  stored: Stored,
  asOf: Stamp,
): readonly Contribution[] {
  return own.filter(({ key, memberId, stamp, view }) => {
    if (memberId !== asOf.memberId || stamp.memberId !== memberId || compareStamps(stamp, asOf) > 0)
      return false;
    const there = stored.get(key);
    if (there !== undefined) return compareStamps(there, stamp) < 0;
    // An engine need not store an empty register.
    return view !== undefined && !stored.has(key);
  });
}

/**
 * Registers of a member that an engine shows, but that the member does not have; of those whose stamps were read, and no later than
 * its last publication: a later one is not its own.
 */
export function staleRegisters(
  own: readonly Contribution[],
  stored: Stored,
  asOf: Stamp,
): readonly Contribution[] {
  const keys = new Set(own.map(({ key }) => key));
  const { memberId } = asOf;
  return [...stored].flatMap(([key, stamp]) =>
    stamp?.memberId !== memberId || keys.has(key) || compareStamps(stamp, asOf) > 0
      ? []
      : [{ memberId, key, stamp }],
  );
}
