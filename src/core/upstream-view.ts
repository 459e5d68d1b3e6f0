import { type Cause, connected, firstBeacon, reconnected, unknownCause } from './cause.ts';
import type { InstanceView } from './entry.ts';
import { upstreamIdOf } from './member-id.ts';
import { mergedView } from './merged-view.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A row of an upstream, with what its list lacks: when the row was first seen, why it came or went, and which gateway knows it.
 *
 * While nobody else states anything of the row and the upstream can be reached, this is what is listed. A row that is whole stays the
 * same object: the source makes its rows whole and keeps them, and the roster keeps and lists these very objects.
 *
 * @param known the row as the upstream stated it before.
 * @param gateways the name of the upstream; one list for all rows.
 */
export function wholeUpstreamView(
  view: InstanceView,
  known: InstanceView | undefined,
  gateways: readonly string[],
): InstanceView {
  const firstSeenAtMs = Math.min(view.firstSeenAtMs, known?.firstSeenAtMs ?? view.firstSeenAtMs);
  if (view.self === true) return firstSeenAtMs === view.firstSeenAtMs ? view : { ...view, firstSeenAtMs };
  const cause = view.cause ?? causeOf(view, known);
  const isNamed = view.gateways?.length === 1 && view.gateways[0] === gateways[0];
  if (isNamed && cause === view.cause && firstSeenAtMs === view.firstSeenAtMs) return view;
  // Set one by one: objects that are spread have each a shape of their own, half a kibibyte for each row.
  const whole: Mutable<InstanceView> = aloneView(view, gateways[0] ?? '');
  whole.firstSeenAtMs = firstSeenAtMs;
  if (cause !== undefined) whole.cause = cause;
  whole.gateways = gateways;
  return whole;
}

/** The row as it follows from one statement alone. */
function aloneView(view: InstanceView, name: string): InstanceView {
  const memberId = upstreamIdOf(name);
  const stamp = { ms: view.ts, counter: 0, memberId };
  return mergedView([{ memberId, key: view.key, stamp, view }], () => undefined);
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
