import { createHash } from 'node:crypto';
import type { GatewayOptions } from '../../src/gateway/index.ts';

/** Options for a token of the same secret as its name, with these scopes. */
export function namedToken(
  name: string,
  scopes: readonly string[],
  roles: readonly string[] = ['operator'],
): NonNullable<GatewayOptions['tokens']>[number] {
  return { name, roles, scopes, tokenHash: createHash('sha256').update(name).digest('hex') };
}
