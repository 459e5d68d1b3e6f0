/** The scope for reading presence (PA4). */
export const readScopes: readonly string[] = ['operator.read'];

/**
 * The scopes requested for a beacon: Rollcall requires `operator.write` for beacons about others (PA5), OpenClaw `operator.admin`.
 * A gateway grants those of the two that the token allows.
 */
export const beaconScopes: readonly string[] = ['operator.write', 'operator.admin'];

/** All scopes of operators that matter for presence. */
export const allScopes: readonly string[] = ['operator.read', 'operator.write', 'operator.admin'];

const readMethods: ReadonlySet<string> = new Set([
  'config.get',
  'device.pair.list',
  'health',
  'node.list',
  'node.pair.list',
  'presence.list',
  'status',
  'system-presence',
]);

/** The least scopes that any gateway is known to require for a method; all there are for an unknown one. */
export function scopesFor(method: string): readonly string[] {
  if (readMethods.has(method)) return readScopes;
  if (method === 'system-event') return beaconScopes;
  return allScopes;
}
