import { missingScope, refusal, unauthorizedRole, unknownMethod, type WireError } from './refusal.ts';

/** Roles that a connection can have. */
export type Role = 'operator' | 'node';

/** Who may call a method (PA4, PA5). */
export interface MethodRule {
  readonly roles: readonly Role[];
  /** Scope that an operator needs; absent when the role is enough. */
  readonly scope?: Scope | undefined;
}

/** Events, for `hello-ok.features.events`. */
export const EVENTS: readonly string[] = [
  'connect.challenge',
  'presence',
  'presence.delta',
  'notice',
  'tick',
  'shutdown',
];

/** Extensions that a client may request in `connect.caps`, for `hello-ok.features.capabilities` (PE2, PN16). */
export const CAPABILITIES: readonly string[] = ['presence-delta', 'notices'];

/** True for the roles that `connect` may request. */
export function isRole(word: string): word is Role {
  return word === 'operator' || word === 'node';
}

/**
 * Why a connection may not call a method, or `undefined` when it may (PW9, PA4, PA5).
 *
 * @param rule who may call it; `undefined` for a method that is not served.
 */
export function authorizeMethod(
  method: string,
  rule: MethodRule | undefined,
  role: string,
  scopes: readonly string[],
): WireError | undefined {
  if (method === 'connect') return refusal('secondConnect');
  if (rule === undefined) return unknownMethod(method);
  if (!rule.roles.some((allowed) => allowed === role)) return unauthorizedRole(role);
  if (rule.scope === undefined || grants(scopes, rule.scope)) return undefined;
  return missingScope(rule.scope);
}

/** Scopes that this gateway checks; others are passed through. */
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
 * The scopes that a connection gets: those it requests and may have (PA2), in the order of the request.
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
