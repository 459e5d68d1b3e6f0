import { type Cause, connected, firstBeacon, reconnected, unknownCause } from './cause.ts';
import type { Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { mergedView } from './merged-view.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What an upstream states of a row, with what its list does not say: when the row was first seen, why it came or went, and which
 * gateway knows it. Unless somebody else states anything of it, or the upstream is out of reach, the view is what is listed.
 *
 * @param known what the upstream stated of the row before.
 * @param gateways the name of the upstream.
 */
export function upstreamStatement(
  statement: Statement,
  known: InstanceView | undefined,
  gateways: readonly string[],
): Statement {
  const { memberId, key, stamp, view, factsStamp } = statement;
  const firstSeenAtMs = Math.min(view.firstSeenAtMs, known?.firstSeenAtMs ?? view.firstSeenAtMs);
  if (view.self === true) return { ...statement, view: { ...view, firstSeenAtMs } };
  const cause = view.cause ?? causeOf(view, known);
  // Set one by one: objects that are spread have each a shape of their own, half a kibibyte for each row.
  const whole: Mutable<InstanceView> = mergedView([statement], () => undefined);
  whole.firstSeenAtMs = firstSeenAtMs;
  if (cause !== undefined) whole.cause = cause;
  whole.gateways = gateways;
  return { memberId, key, stamp, view: whole, ...(factsStamp && { factsStamp }) };
}

function causeOf(view: InstanceView, known: InstanceView | undefined): Cause | undefined {
  if (view.connections === 0) {
    if (known?.connections === 0) return known.cause;
    return view.disconnectedAtMs === undefined ? firstBeacon : unknownCause;
  }
  if (known === undefined) return connected;
  if (known.connections > 0) return known.cause;
  return known.disconnectedAtMs === undefined ? connected : reconnected(view.ts - known.disconnectedAtMs);
}
