import { isMethod } from '../protocol/index.ts';
import type { ClusterMember } from '../sources/cluster/index.ts';
import type { Authenticate } from './access/credentials.ts';
import { isOpenTo, isOriginAllowed } from './access/origin.ts';
import { shownCluster } from './cluster-options.ts';
import { GatewayCounts } from './counts.ts';
import { eventAudiences } from './fan-out/event-audiences.ts';
import { FanOut } from './fan-out/fan-out.ts';
import type { GatewaySettings } from './gateway-options.ts';
import { gatewayMethods } from './methods/gateway-methods.ts';
import type { MethodContext } from './methods/method-context.ts';
import { presenceMethods } from './methods/presence-methods.ts';
import type { Presence } from './presence/presence.ts';
import { RosterLists } from './presence/roster-lists.ts';
import { KeepAlive } from './sessions/keep-alive.ts';
import type { Session } from './sessions/session.ts';
import type { SessionContext } from './sessions/session-context.ts';
import { optionNames, settingOf } from './settings.ts';
import { DeadlineQueue } from './time/deadline-queue.ts';

/** Builds what all sessions of a gateway share. */
export function sessionContext(
  settings: GatewaySettings,
  presence: Presence,
  authenticate: Authenticate,
  cluster: ClusterMember | undefined,
): SessionContext {
  const { clock, timers, maxCoalesceMs, version, maxBufferedBytes } = settings;
  const isOpen = settings.auth.mode === 'none';
  const startMonoMs = clock.now().monoMs;
  const lists = new RosterLists(presence.roster);
  const sessions = new Set<Session>();
  const uptimeMs = (): number => clock.now().monoMs - startMonoMs;
  const counts = new GatewayCounts();
  presence.onChange((changes) => counts.changed(changes));
  const deadlines = new DeadlineQueue<Session>(settings.handshakeTimeoutMs);
  const newestArrivalMonoMs = (): number => deadlines.newestMonoMs();
  const methods = methodTable({
    presence,
    lists,
    version,
    uptimeMs,
    connections: () => countSessions(sessions),
    effectiveSettings: effectiveSettings(settings),
    clusterStatus: () => cluster?.status(),
  });
  return {
    presence,
    cluster,
    lists,
    version,
    uptimeMs,
    sessions,
    counts,
    audiences: eventAudiences({ lists, epoch: presence.epoch }),
    fanOut: new FanOut({ presence, clock, timers, newestArrivalMonoMs, maxCoalesceMs }),
    keepAlive: new KeepAlive({ intervalMs: settings.pingIntervalMs, nowMonoMs: () => clock.now().monoMs }),
    deadlines,
    call: methods,
    newId: settings.newId,
    logger: settings.logger,
    maxBufferedBytes,
    authenticate,
    isOriginAllowed: (peer) => (isOpen ? isOpenTo : isOriginAllowed)(peer, settings.allowedOrigins),
    requestLimits: settings,
    policy: {
      maxPayload: settings.maxPayloadBytes,
      maxBufferedBytes,
      tickIntervalMs: settings.tickIntervalMs,
    },
  };
}

function methodTable(context: MethodContext): SessionContext['call'] {
  const handlers = { ...presenceMethods(context), ...gatewayMethods(context) };
  return (method, params, caller) => {
    if (!isMethod(method)) throw new TypeError(`no handler for ${method}`);
    return handlers[method](params, caller);
  };
}

function countSessions(sessions: ReadonlySet<Session>): { connected: number; awaitingConnect: number } {
  let connected = 0;
  for (const session of sessions) if (session.isConnected) connected += 1;
  return { connected, awaitingConnect: sessions.size - connected };
}

/** What `config.get` shows: every option of the table of settings that is no secret (PW9, PA2). */
function effectiveSettings(settings: GatewaySettings): Readonly<Record<string, unknown>> {
  const shown = optionNames.filter((name) => settingOf(name).secret !== true);
  const { host, instanceId, version, auth, tls, cluster } = settings;
  return {
    host,
    instanceId,
    version,
    ...Object.fromEntries(shown.map((name) => [name, settings[name]] as const)),
    auth: { mode: auth.mode },
    tls: tls !== undefined,
    ...(cluster !== undefined && { cluster: shownCluster(cluster) }),
  };
}
