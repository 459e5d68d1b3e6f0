/**
 * Whether two values of JSON are equal by content; the order of members does not matter.
 *
 * What decides that a row did not change, and so may stay the same object.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const members = Object.entries(a);
  return (
    members.length === Object.keys(b).length &&
    members.every(([name, value]) => Object.hasOwn(b, name) && sameValue(value, Reflect.get(b, name)))
  );
}
