import type { Metrics } from '../sinks/index.ts';
import type { ClusterStatus } from '../sources/cluster/index.ts';
import type { GatewayStatus } from '../sources/upstreams/index.ts';
import type { ReadPeer } from './access/client-address.ts';
import type { PersonOf } from './access/identity.ts';
import type { GatewaySettings } from './gateway-options.ts';
import type { RequestHandler } from './http/http-app.ts';
import type { HttpContext } from './http/http-context.ts';
import { lateHandler } from './http/late-handler.ts';
import { RequestRates } from './http/request-rates.ts';
import type { SessionContext } from './sessions/session.ts';

/** Builds the HTTP surface on the same context as the sessions. */
export function createWebSurface(
  { pageFolder, logger, mcp }: GatewaySettings,
  context: SessionContext,
  parts: {
    readonly isDraining: () => boolean;
    readonly peerOf: ReadPeer;
    readonly personOf: PersonOf;
    readonly readingOf: HttpContext['readingOf'];
    readonly unfinished: HttpContext['unfinished'];
    readonly metrics: Metrics;
    readonly clusterStatus: () => ClusterStatus | undefined;
    readonly upstreams: () => readonly GatewayStatus[];
  },
): RequestHandler {
  const { presence, authenticate, isOriginAllowed, operationContextOf, operations, version, unread } =
    context;
  const rates = new RequestRates(context.requestLimits);
  const httpContext: HttpContext = {
    ...{
      presence,
      pageFolder,
      logger,
      authenticate,
      isOriginAllowed,
      operationContextOf,
      operations,
      version,
      unread,
    },
    ...parts,
    hasMcp: mcp,
    takeRequest: (caller) => rates.take(caller, presence.now().monoMs),
    metrics: () => parts.metrics.text(),
  };
  return lateHandler(async () => (await import('./http/http-app.ts')).httpHandler(httpContext), logger);
}
