import type { ReadPeer } from './access/client-address.ts';
import { ChangeLog } from './fan-out/change-log.ts';
import type { GatewaySettings } from './gateway-options.ts';
import type { RequestHandler } from './http/http-app.ts';
import type { HttpContext } from './http/http-context.ts';
import { HttpStreams } from './http/http-streams.ts';
import { lateHandler } from './http/late-handler.ts';
import { createMetrics } from './http/metrics.ts';
import { RequestRates } from './http/request-rates.ts';
import type { SessionContext } from './sessions/session-context.ts';

/** What answers over HTTP. */
export interface WebSurface {
  readonly handler: RequestHandler;
  readonly streams: HttpStreams;
  /** Ends the streams. */
  close(reason: string): void;
}

/** Changes that are kept for streams that come back with their `Last-Event-ID`. */
const logCapacity = 1_000;

/** Builds the HTTP surface on what sessions use too. */
export function createWebSurface(
  settings: GatewaySettings,
  context: SessionContext,
  state: {
    readonly isDraining: () => boolean;
    readonly bytesSent: () => number;
    readonly peerOf: ReadPeer;
  },
): WebSurface {
  const { presence, lists, fanOut, sessions, counts, cluster } = context;
  const log = new ChangeLog({ capacity: logCapacity, version: presence.roster.version });
  presence.onChange((changes) => log.add(changes));
  const { tickIntervalMs, maxBufferedBytes, pageFolder, logger } = settings;
  const onSlow = (): void => {
    counts.slowConsumers += 1;
  };
  const streams = new HttpStreams({ presence, lists, fanOut, log, tickIntervalMs, maxBufferedBytes, onSlow });
  const metrics = createMetrics({
    presence,
    fanOut,
    counts,
    streams: () => streams.size,
    connections: () => [...sessions].map((session) => session.standing),
    bytesSent: state.bytesSent,
    cluster,
  });
  const rates = new RequestRates(context.requestLimits);
  const httpContext: HttpContext = {
    ...{ presence, lists, fanOut, streams, pageFolder, logger },
    authenticate: context.authenticate,
    isOriginAllowed: context.isOriginAllowed,
    peerOf: state.peerOf,
    takeRequest: (caller) => rates.take(caller, presence.now().monoMs),
    call: context.call,
    isDraining: state.isDraining,
    clusterStatus: () => cluster?.status(),
    metrics: () => metrics.text(),
    version: context.version,
  };
  const load = async () => (await import('./http/http-app.ts')).httpHandler(httpContext);
  return {
    handler: lateHandler(load, logger),
    streams,
    close(reason) {
      streams.close(reason);
      metrics.close();
    },
  };
}
