import type { ActivityUpdate } from '../../core/index.ts';
import { type ActivityReport, refusal, type WireError } from '../../protocol/index.ts';
import { type Caller, rosterRefusal } from '../access/caller.ts';
import type { PresenceWriter } from '../presence/presence.ts';

/**
 * Stores what a caller reports about its own row (PR9).
 *
 * @returns why it was not stored: the caller has no live connection, or the roster refuses it.
 */
export function storeOwnReport(
  writer: PresenceWriter,
  { connectionId }: Caller,
  report: ActivityReport & Pick<ActivityUpdate, 'source'>,
): WireError | undefined {
  if (connectionId === undefined) return refusal('foreignRow');
  const outcome = writer.activity({ connectionId, ...report });
  return 'refusal' in outcome ? rosterRefusal(outcome.refusal) : undefined;
}
