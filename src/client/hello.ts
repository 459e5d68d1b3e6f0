import type { Connected, Feed } from './client-state.ts';
import type { HelloOk } from './protocol-client.ts';
import type { Settings } from './settings.ts';
import { fields } from './wire.ts';

/** The parts of a hello that this client uses. */
export type Welcome = Omit<Connected, 'phase' | 'sinceMs'>;

/** Scopes that include reading presence (PA4). */
const readScopes = ['operator.read', 'operator.write', 'operator.admin'];

/** Reads a hello; undefined when this client requested to read presence and was not granted it. */
export function readHello(hello: HelloOk, settings: Settings): Welcome | undefined {
  const { role = settings.role, scopes = settings.scopes } = fields<NonNullable<HelloOk['auth']>>(hello.auth);
  const mayRead = includesRead(scopes);
  if (!mayRead && includesRead(settings.scopes)) return undefined;
  const { connId: connectionId, version: serverVersion } = hello.server;
  const feed = mayRead ? feedOf(hello, settings) : 'none';
  const { methods } = fields<NonNullable<HelloOk['features']>>(hello.features);
  const welcome = { connectionId, serverVersion, protocol: hello.protocol, role, scopes, feed };
  return Array.isArray(methods) ? { ...welcome, methods } : welcome;
}

/** How often the gateway ticks, 30 s when it does not state it. */
export function tickIntervalOf(hello: HelloOk): number {
  return fields<NonNullable<HelloOk['policy']>>(hello.policy).tickIntervalMs ?? 30_000;
}

function includesRead(scopes: readonly string[]): boolean {
  return readScopes.some((scope) => scopes.includes(scope));
}

function feedOf(hello: HelloOk, { fullLists = false }: Settings): Feed {
  const capabilities = hello.features?.capabilities ?? [];
  return !fullLists && capabilities.includes('presence-delta') ? 'delta' : 'list';
}
