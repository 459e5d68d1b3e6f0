import { createMiddleware } from 'hono/factory';
import { missingScope, rateLimited, refusal } from '../../protocol/index.ts';
import { isJwtShaped } from '../access/identity.ts';
import { secretOfHeader } from '../access/secret-text.ts';
import { sourceOf } from '../access/source.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';

/**
 * Authenticates a request by `Authorization: Bearer SECRET`, where the secret is a token or, in password mode, the
 * password (PA1, PA2), unless its caller sends too many requests (PL3). A secret in the address is never read, because addresses are logged.
 */
export function bearer(context: HttpContext): ReturnType<typeof createMiddleware<HttpEnv>> {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const peer = context.peerOf(c.env.incoming);
    if (!context.isOriginAllowed(peer)) return refuseHttp(c, refusal('originNotAllowed'));
    const secret = bearerSecret(c.req.header('Authorization'));
    const person = await context.personOf(c.env.incoming);
    // A JWT in this header identified the person, and is no secret of the gateway.
    const isOfPerson = secret === undefined || (person !== undefined && isJwtShaped(secret));
    const auth = isOfPerson ? undefined : { token: secret, password: secret };
    const authenticated = context.authenticate(auth, { ...peer, person });
    if (!authenticated.ok) return refuseHttp(c, authenticated.error);
    const principal = authenticated.value;
    const waitMs = context.takeRequest(`${principal.name} ${sourceOf(peer.address)}`);
    if (waitMs > 0) return refuseHttp(c, rateLimited(waitMs));
    const role = principal.roles.includes('operator') ? 'operator' : 'node';
    const { name, scopes, gateways } = principal;
    c.set('caller', {
      connectionId: undefined,
      deviceId: undefined,
      role,
      scopes,
      credential: name,
      gateways,
    });
    return next();
  });
}

/** The secret of an `Authorization` header, as it was typed (PA8). */
export function bearerSecret(header: string | undefined): string | undefined {
  const sent = /^Bearer +(\S.*)$/i.exec(header ?? '')?.[1]?.trim();
  return sent === undefined ? undefined : secretOfHeader(sent);
}

/** Accepts callers that may call the method of the same meaning (PA4, PA5). */
export function mayCall(
  { operations }: HttpContext,
  method: string,
): ReturnType<typeof createMiddleware<HttpEnv>> {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const found = operations.find(method, c.get('caller'));
    return found.ok ? next() : refuseHttp(c, found.error);
  });
}

/** Refuses callers who may see some gateways only: what follows counts the rows of all (PU14). */
export function unlimitedOnly(): ReturnType<typeof createMiddleware<HttpEnv>> {
  return createMiddleware<HttpEnv>(async (c, next) => {
    if (c.get('caller').gateways === undefined) return next();
    const message =
      'metrics count the rows of all gateways, and this token is limited to some: use another token';
    return refuseHttp(c, { ...missingScope('operator.admin'), message });
  });
}
