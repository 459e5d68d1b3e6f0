import { secureHeaders } from 'hono/secure-headers';

/** The page loads nothing from other origins, and no page may put it into a frame. */
export function securityHeaders(): ReturnType<typeof secureHeaders> {
  const none = ["'none'"];
  const self = ["'self'"];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: [...self, 'data:'],
      fontSrc: self,
      manifestSrc: self,
      // 'self' does not mean the WebSocket of the same origin in every browser.
      connectSrc: [...self, 'ws:', 'wss:'],
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    // A gateway on a plain port must not set HSTS: browsers would use TLS only from then on.
    strictTransportSecurity: false,
  });
}
