import { missingScope, refusal, unauthorizedRole, unknownMethod, type WireError } from './refusal.ts';
import { grants, type Scope } from './scope.ts';

/** Roles that a connection can have. */
export type Role = 'operator' | 'node';

interface MethodRule {
  readonly roles: readonly Role[];
  /** Scope that an operator needs; absent when the role is enough. */
  readonly scope?: Scope;
}

const both = ['operator', 'node'] as const;
const operator = ['operator'] as const;
const node = ['node'] as const;
const read: MethodRule = { roles: operator, scope: 'operator.read' };
/** OpenClaw asks for `operator.pairing` here. Without pairing the answer is the same for everybody and needs no scope. */
const pairing: MethodRule = { roles: operator };

/** Name of a method that is served. */
export type MethodName =
  | 'health'
  | 'status'
  | 'config.get'
  | 'system-presence'
  | 'presence.list'
  | 'system-event'
  | 'presence.activity'
  | 'node.event'
  | 'node.list'
  | 'node.pair.list'
  | 'device.pair.list';

/** Every method that is served after the handshake (PW6, PW9) and who may call it (PA4, PA5). */
const rules: Readonly<Record<MethodName, MethodRule>> = {
  health: { roles: both },
  status: read,
  'config.get': read,
  'system-presence': read,
  'presence.list': read,
  // Whose row may be written is asked later, when the row is known (PA5).
  'system-event': { roles: both },
  'presence.activity': { roles: operator },
  'node.event': { roles: node },
  'node.list': read,
  'node.pair.list': pairing,
  'device.pair.list': pairing,
};

/** Methods, for `hello-ok.features.methods`. */
export const METHODS: readonly MethodName[] = Object.keys(rules).filter(isMethod);

/** Events, for `hello-ok.features.events`. */
export const EVENTS: readonly string[] = [
  'connect.challenge',
  'presence',
  'presence.delta',
  'tick',
  'shutdown',
];

/** Extensions that a client may ask for in `connect.caps`, for `hello-ok.features.capabilities` (PE2). */
export const CAPABILITIES: readonly string[] = ['presence-delta'];

/** True for the roles that `connect` may ask for. */
export function isRole(word: string): word is Role {
  return word === 'operator' || word === 'node';
}

/** True for a method that is served. */
export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(rules, name);
}

/** Why a connection may not call a method, or `undefined` when it may (PW9, PA4, PA5). */
export function authorizeMethod(
  method: string,
  role: string,
  scopes: readonly string[],
): WireError | undefined {
  if (method === 'connect') return refusal('secondConnect');
  if (!isMethod(method)) return unknownMethod(method);
  const rule = rules[method];
  if (!rule.roles.some((allowed) => allowed === role)) return unauthorizedRole(role);
  if (rule.scope === undefined || grants(scopes, rule.scope)) return undefined;
  return missingScope(rule.scope);
}
