import { missingScope, refusal, unauthorizedRole, unknownMethod, type WireError } from './refusal.ts';
import { grants, type Scope } from './scope.ts';

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

/** Extensions that a client may ask for in `connect.caps`, for `hello-ok.features.capabilities` (PE2, PN16). */
export const CAPABILITIES: readonly string[] = ['presence-delta', 'notices'];

/** True for the roles that `connect` may ask for. */
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
