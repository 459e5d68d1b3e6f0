import { type PresenceReader, presenceKey } from '../core/index.ts';
import { helloFeatures, wireClose } from '../protocol/index.ts';
import type { GatewayCounts, JournalReader, NoticesService, UnreadBytes, Viewers } from '../sinks/index.ts';
import type { ClusterMember } from '../sources/cluster/index.ts';
import type { GatewayStatus, UpstreamConfig } from '../sources/upstreams/index.ts';
import type { Authenticate } from './access/credentials.ts';
import { NewInstances } from './access/new-instances.ts';
import { isOpenTo, isOriginAllowed } from './access/origin.ts';
import type { OperatorAnnotations } from './annotations/operator-annotations.ts';
import { shownCluster } from './cluster-options.ts';
import type { GatewaySettings } from './gateway-options.ts';
import type { OperationContext } from './operations/operation.ts';
import { OPERATIONS, OperationRegistry } from './operations/registry.ts';
import type { PresenceWriter } from './presence/presence.ts';
import { findShared, type Place } from './presence/shared-instances.ts';
import type { RestrictedReaders } from './restricted-readers.ts';
import { KeepAlive } from './sessions/keep-alive.ts';
import { RefusalLog } from './sessions/refusal-log.ts';
import type { Session, SessionContext } from './sessions/session.ts';
import { optionNames, settingOf } from './settings.ts';
import { DeadlineQueue } from './time/deadline-queue.ts';

/** Builds what all sessions of a gateway share. */
export function sessionContext(
  settings: GatewaySettings,
  parts: {
    readonly presence: PresenceReader;
    readonly writer: PresenceWriter;
    readonly viewers: Viewers;
    readonly unread: UnreadBytes;
    readonly counts: GatewayCounts;
    readonly authenticate: Authenticate;
    readonly cluster: ClusterMember | undefined;
    /** Every gateway that a reader of these rows sees. */
    readonly gateways: (presence: PresenceReader) => readonly GatewayStatus[];
    readonly ownName: string;
    readonly journal: JournalReader;
    readonly notices: NoticesService;
    readonly restricted: RestrictedReaders;
    readonly annotations: OperatorAnnotations;
    /** The upstreams in force, which change without a restart. */
    readonly upstreams: () => readonly UpstreamConfig[];
  },
): SessionContext {
  const { presence, writer, viewers, counts, authenticate, cluster, annotations, notices } = parts;
  const { gateways, ownName, journal, restricted, unread } = parts;
  const { lists, fanOut, encoders } = viewers;
  const { clock, version, maxBufferedBytes } = settings;
  const isOpen = settings.auth.mode === 'none';
  const startMonoMs = clock.now().monoMs;
  const sessions = new Set<Session>();
  const uptimeMs = (): number => clock.now().monoMs - startMonoMs;
  const deadlines = new DeadlineQueue<Session>(settings.handshakeTimeoutMs);
  const operations = new OperationRegistry([...OPERATIONS, ...settings.operations]);
  const newInstances = new NewInstances({
    maxNewInstancesPerMinute: settings.maxNewInstancesPerMinute,
    nowMonoMs: () => clock.now().monoMs,
  });
  const hidden = new Set(settings.hiddenModes.map(presenceKey));
  const shownSettings = effectiveSettings(settings);
  const operationContext: OperationContext = {
    presence,
    writer,
    newInstances,
    lists,
    version,
    uptimeMs,
    connections: () => countSessions(sessions),
    sharedInstances: () => findShared(placesOf(sessions, writer, presence)),
    disconnect: (key, evidence) => disconnect(sessionsOf(sessions, writer, key), evidence),
    get effectiveSettings() {
      const upstreams = parts.upstreams();
      return {
        ...shownSettings,
        ...((upstreams.length > 0 || 'upstreams' in shownSettings) && { upstreams }),
      };
    },
    clusterStatus: () => cluster?.status(),
    gateways: () => gateways(presence),
    journal,
    annotate: (view, change) => annotations.annotate(view, change),
    notices,
  };
  const limits = { restricted, gateways, ownName };
  return {
    presence,
    writer,
    newInstances,
    isHidden: (mode) => hidden.has(presenceKey(mode)),
    lists,
    version,
    uptimeMs,
    sessions,
    counts,
    encoders,
    fanOut,
    keepAlive: new KeepAlive({ intervalMs: settings.pingIntervalMs, nowMonoMs: () => clock.now().monoMs }),
    deadlines,
    operations,
    featuresJson: helloFeatures(operations.names),
    restricted: (names) => {
      const { presence: seen, viewers: own } = restricted.of(names);
      return { presence: seen, lists: own.lists, fanOut: own.fanOut, encoders: own.encoders };
    },
    operationContextOf: ({ gateways: names }) =>
      names === undefined ? operationContext : restrictedContext(operationContext, names, limits),
    newId: settings.newId,
    logger: settings.logger,
    refusalLog: new RefusalLog(settings.logger),
    maxBufferedBytes,
    unread,
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

/** Notices are of all gateways: a caller who may see only some of them receives none (PU14). */
const noNotices: NoticesService = {
  status: () => ({ enabled: false }),
  acknowledge: () => undefined,
  mute: () => undefined,
};

/**
 * What operations work with for a caller who may see some gateways only (PU14). Every part is named, so that a new one is
 * decided on here.
 */
function restrictedContext(
  context: OperationContext,
  names: readonly string[],
  parts: {
    readonly restricted: RestrictedReaders;
    readonly gateways: (presence: PresenceReader) => readonly GatewayStatus[];
    readonly ownName: string;
  },
): OperationContext {
  const { presence, viewers, journal } = parts.restricted.of(names);
  const { writer, newInstances, version, uptimeMs, effectiveSettings: settings } = context;
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  const isAllowed = (name: string): boolean => allowed.has(name.toLowerCase());
  const isOwnAllowed = isAllowed(parts.ownName);
  const hidden = [
    'identity',
    'upstreams',
    'upstreamsFile',
    'cluster',
    'tokens',
    'tokensFile',
    'notices',
    'noticesFile',
  ];
  return {
    presence,
    lists: viewers.lists,
    journal,
    notices: noNotices,
    writer,
    newInstances,
    version,
    uptimeMs,
    connections: () => (isOwnAllowed ? context.connections() : { connected: 0, awaitingConnect: 0 }),
    sharedInstances: () => (isOwnAllowed ? context.sharedInstances() : []),
    disconnect: () => 0,
    // Of rows that it sees, as `presence` lists them.
    annotate: context.annotate,
    effectiveSettings: Object.fromEntries(
      Object.entries(settings).filter(([name]) => !hidden.includes(name)),
    ),
    clusterStatus() {
      const status = context.clusterStatus();
      const gateways = status?.gateways.filter(({ host }) => isAllowed(host)) ?? [];
      return status === undefined || gateways.length === 0 ? undefined : { ...status, gateways };
    },
    gateways: () => parts.gateways(presence).filter(({ name, kind }) => kind === 'self' || isAllowed(name)),
  };
}

/** The live connections of a row. */
function sessionsOf(sessions: ReadonlySet<Session>, writer: PresenceWriter, key: string): readonly Session[] {
  return [...sessions].filter(
    ({ isConnected, connectionId }) => isConnected && writer.keyOf(connectionId) === key,
  );
}

/** Rows with several connections, and where each of these comes from; watchers are left out. */
function* placesOf(
  sessions: ReadonlySet<Session>,
  writer: PresenceWriter,
  presence: PresenceReader,
): Iterable<readonly [key: string, place: Place]> {
  for (const { place, connectionId } of sessions) {
    const key = place === undefined ? undefined : writer.keyOf(connectionId);
    const view = key === undefined ? undefined : presence.get(key);
    if (view !== undefined && place !== undefined && view.connections > 1 && view.mode !== 'viewer')
      yield [view.key, place];
  }
}

/** Closes connections on the request of an operator; returns how many. */
function disconnect(sessions: readonly Session[], evidence: string): number {
  for (const session of sessions) session.close(wireClose('disconnected'), { code: 'removed', evidence });
  return sessions.length;
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
