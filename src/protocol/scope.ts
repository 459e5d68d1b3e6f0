/** Scopes that mean something to this gateway; others are words that pass through. */
export type Scope = 'operator.read' | 'operator.write' | 'operator.admin';

/** Scopes of OpenClaw that can be written into a token; those that are no {@link Scope} pass through to clients. */
export const KNOWN_SCOPES: readonly string[] = [
  'operator.read',
  'operator.write',
  'operator.admin',
  'operator.approvals',
  'operator.pairing',
  'operator.questions',
  'operator.talk.secrets',
];

/** Scopes that include a scope, itself among them. */
const included: Readonly<Record<Scope, readonly string[]>> = {
  'operator.read': ['operator.read', 'operator.write', 'operator.admin'],
  'operator.write': ['operator.write', 'operator.admin'],
  'operator.admin': ['operator.admin'],
};

/** True when one of the scopes is `required` or includes it: admin includes write, write includes read (PA4). */
export function grants(scopes: readonly string[], required: Scope): boolean {
  return scopes.some((scope) => included[required].includes(scope));
}

/** May read presence (PA4). */
export function grantsRead(scopes: readonly string[]): boolean {
  return grants(scopes, 'operator.read');
}

/** May write about other instances (PA5). */
export function grantsWrite(scopes: readonly string[]): boolean {
  return grants(scopes, 'operator.write');
}

/**
 * The scopes that a connection gets: those it asks for and may have (PA2), in the order asked.
 *
 * A scope may be had when it is allowed by name or included in an allowed one; `operator.admin` includes every scope.
 */
export function grantScopes(requested: readonly string[], allowed: readonly string[]): string[] {
  return requested.filter((scope) => isAllowed(scope, allowed));
}

function isAllowed(scope: string, allowed: readonly string[]): boolean {
  if (allowed.includes('operator.admin') || allowed.includes(scope)) return true;
  return isScope(scope) && grants(allowed, scope);
}

function isScope(scope: string): scope is Scope {
  return Object.hasOwn(included, scope);
}
