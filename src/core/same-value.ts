/**
 * Whether two values of JSON are equal by content; the order of members does not matter.
 *
 * What decides that a row did not change, and so may stay the same object.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names)
    if (!Object.hasOwn(b, name) || !sameValue(Reflect.get(a, name), Reflect.get(b, name))) return false;
  return true;
}
