import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Sink } from '../core/index.ts';
import { eventFramePrefix, wireClose } from '../protocol/index.ts';
import {
  type EventStreams,
  GatewayCounts,
  JournalSink,
  Metrics,
  type NoticeMessage,
  type NoticesConfig,
  noticesProblem,
  UnreadBytes,
  Viewers,
} from '../sinks/index.ts';
import type { ClusterMember } from '../sources/cluster/index.ts';
import { type UpstreamConfig, upstreamsProblem } from '../sources/upstreams/upstream-config.ts';
import { Access } from './access/access.ts';
import { Identity } from './access/identity.ts';
import { OperatorAnnotations } from './annotations/operator-annotations.ts';
import { clusterPublisher, createGatewayRoster, joinCluster } from './cluster-wiring.ts';
import { sessionContext } from './gateway-context.ts';
import { gatewayList } from './gateway-list.ts';
import { type GatewayOptions, type GatewaySettings, gatewaySettings } from './gateway-options.ts';
import { type GatewayAddress, GatewayPort } from './gateway-port.ts';
import type { RequestHandler } from './http/http-app.ts';
import { isNotifier, NoticesWiring } from './notices-wiring.ts';
import { Presence } from './presence/presence.ts';
import { selfFacts } from './presence/self-facts.ts';
import { type Reading, RestrictedReaders } from './restricted-readers.ts';
import { drain } from './sessions/drain.ts';
import { revoked } from './sessions/leave-cause.ts';
import { handshakeDeadlines, ticks } from './sessions/periodic-tasks.ts';
import type { SessionContext } from './sessions/session.ts';
import { Session } from './sessions/session.ts';
import { SinkSet } from './sink-set.ts';
import { Schedule } from './time/schedule.ts';
import type { ConnectionHandle, Peer, Transport } from './transport.ts';
import { UpstreamWiring } from './upstream-wiring.ts';
import { createWebSurface } from './web-surface.ts';

/** A presence gateway. */
export interface Gateway {
  /** Opens the port; rejects with the system's error when it cannot be had. */
  start(): Promise<GatewayAddress>;
  /** Starts without a port of its own: the owner of a server passes its requests to `handleRequest` and `handleUpgrade`. */
  open(): Promise<void>;
  /** Answers a request of a server that the gateway did not create. Without credentials, on loopback addresses only (PA1). */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Answers an `upgrade` of such a server; one to something else than a WebSocket is refused with 400. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Accepts a connection that does not come from the port, and returns the session that its owner calls. */
  accept(transport: Transport, peer: Peer): ConnectionHandle;
  /** Puts other upstreams in force than those of the options (PU9). Throws `TypeError` for one that cannot be used. */
  setUpstreams(upstreams: readonly UpstreamConfig[]): void;
  /** Puts other rules and deliveries in force than those of the options (PN1). Throws `TypeError` for what cannot be used. */
  setNotices(notices: NoticesConfig | undefined): void;
  /** Closes every connection with a goodbye (PW8) and then the port, within `drainMs`; repeated calls have no effect. */
  close(reason?: string): Promise<void>;
}

/** Creates a gateway; nothing runs before `start`. Throws `TypeError` for options out of range. */
export function createGateway(options: GatewayOptions): Gateway {
  return new PresenceGateway(gatewaySettings(options));
}

/** The part of `drainMs` that is kept for sinks to deliver what they hold. */
const sinksShare = 1 / 4;

class PresenceGateway implements Gateway {
  readonly #settings: GatewaySettings;
  readonly #context: SessionContext;
  readonly #access: Access;
  readonly #identity: Identity;
  readonly #schedule: Schedule;
  readonly #streams: EventStreams;
  readonly #presence: Presence;
  readonly #journal: JournalSink;
  readonly #restricted: RestrictedReaders;
  readonly #answerRequest: RequestHandler;
  readonly #ownSinks: readonly Sink[];
  readonly #sinks: SinkSet;
  readonly #port: GatewayPort;
  readonly #member: ClusterMember | undefined;
  readonly #upstreams: UpstreamWiring;
  readonly #annotations: OperatorAnnotations;
  readonly #notices: NoticesWiring;
  #closing: Promise<void> | undefined;

  constructor(options: GatewaySettings) {
    const epoch = options.newId();
    const { roster, clock, createMember } = createGatewayRoster(options, epoch);
    const settings = { ...options, clock };
    this.#settings = settings;
    const { timers, renewalMs } = settings;
    const annotations = new OperatorAnnotations({ ...settings, memberId: `${settings.instanceId}@${epoch}` });
    this.#annotations = annotations;
    const presence = new Presence({ ...settings, roster, epoch, renewalMs, annotations });
    this.#presence = presence;
    this.#journal = new JournalSink(settings);
    const { writer } = presence;
    writer.setSelf(selfFacts(settings));
    this.#member = createMember(writer, annotations);
    annotations.listen({
      changed: (subjects) => writer.annotated(subjects),
      outgoing: () => this.#member?.changed(),
    });
    const ownName = selfFacts(settings).host ?? settings.instanceId;
    this.#upstreams = new UpstreamWiring({ ...settings, roster, writer, ownName });
    this.#access = new Access({ ...settings, onRevoked: (names) => this.#revoke(names) });
    this.#identity = new Identity({ ...settings, onExpired: (names) => this.#revoke(names) });
    this.#port = new GatewayPort(settings, {
      personOf: this.#identity.personOf,
      accept: (transport, peer) => this.accept(transport, peer),
      answerRequest: (request, response) => this.#answerRequest(request, response),
    });
    const counts = new GatewayCounts();
    const onSlow = (): void => {
      counts.slowConsumers += 1;
    };
    const unread = new UnreadBytes(settings);
    const viewers = new Viewers({
      ...settings,
      unread,
      presence: presence.readerFor('viewers'),
      journal: this.#journal,
      onSlow,
    });
    this.#streams = viewers.streams;
    const restricted = new RestrictedReaders(presence, { ...settings, unread, onSlow });
    this.#restricted = restricted;
    this.#notices = new NoticesWiring({
      ...settings,
      isNotifier: () => isNotifier(this.#member?.status()),
      onNotice: (message) => this.#notify(message),
    });
    const startedAtMs = clock.now().wallMs;
    this.#context = sessionContext(settings, {
      presence: presence.readerFor('sessions'),
      writer,
      viewers,
      unread,
      counts,
      authenticate: this.#access.authenticate,
      cluster: this.#member,
      journal: this.#journal,
      annotations,
      notices: this.#notices,
      ownName,
      restricted,
      upstreams: () => this.#upstreams.configs,
      gateways: (shown) =>
        gatewayList({
          presence: shown,
          ownName,
          version: settings.version,
          startedAtMs,
          url: () => this.#port.address?.url,
          cluster: () => this.#member?.status(),
          upstreams: () => this.#upstreams.status(),
        }),
    });
    const { keepAlive, deadlines, sessions } = this.#context;
    const metrics = new Metrics({
      presence: presence.readerFor('metrics'),
      flushes: viewers.fanOut.counts,
      counts,
      streams: () => viewers.streams.size + restricted.streams,
      connections: () => [...sessions].map((session) => session.standing),
      bytesSent: () => this.#port.sentBytes,
      sinkErrors: () => presence.errors,
      cluster: this.#member,
      upstreams: () => this.#upstreams.status(),
      notices: () => this.#notices.sink,
    });
    const own = [viewers, metrics, ...(this.#member === undefined ? [] : [clusterPublisher(this.#member)])];
    for (const sink of own) void sink.start(presence.readerFor(sink.name));
    this.#ownSinks = own;
    this.#sinks = new SinkSet({ ...settings, readerFor: (name) => presence.readerFor(name) });
    this.#answerRequest = createWebSurface(settings, this.#context, {
      isDraining: () => this.#closing !== undefined,
      peerOf: this.#port.peerOf,
      personOf: this.#identity.personOf,
      readingOf: ({ gateways }) =>
        gateways === undefined
          ? { presence: this.#context.presence, streams: viewers.streams }
          : streamsOf(restricted.of(gateways)),
      unfinished: this.#port.unfinished,
      metrics,
      clusterStatus: () => this.#member?.status(),
      upstreams: () => this.#upstreams.status(),
    });
    this.#schedule = new Schedule({
      clock,
      timers,
      logger: settings.logger,
      tasks: [
        writer,
        keepAlive,
        handshakeDeadlines(deadlines),
        ticks(sessions, settings.tickIntervalMs, clock.now().monoMs),
        viewers.streams,
        restricted,
        this.#access,
        this.#identity,
        ...this.#port.tasks,
        this.#upstreams,
        annotations,
        this.#notices,
      ],
    });
  }

  async start(): Promise<GatewayAddress> {
    await this.#begin();
    const address = await this.#port.listen();
    this.#schedule.start();
    await this.#upstreams.start();
    return address;
  }

  async open(): Promise<void> {
    await this.#begin();
    this.#schedule.start();
    await this.#upstreams.start();
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#port.handleRequest(request, response);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#port.handleUpgrade(request, socket, head);
  }

  accept(transport: Transport, peer: Peer): Session {
    this.#startJournal();
    this.#schedule.start();
    return new Session(transport, peer, this.#context);
  }

  setUpstreams(upstreams: readonly UpstreamConfig[]): void {
    const problem = upstreamsProblem(upstreams);
    if (problem !== undefined) throw new TypeError(`upstreams: ${problem}`);
    this.#upstreams.set(upstreams);
  }

  setNotices(notices: NoticesConfig | undefined): void {
    const problem = notices === undefined ? undefined : noticesProblem(notices);
    if (problem !== undefined) throw new TypeError(`notices: ${problem.path} ${problem.what}`);
    void this.#notices.set(notices);
  }

  close(reason = 'gateway stopping'): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    const { clock, timers, drainMs, restartExpectedMs, sinks } = this.#settings;
    const startMonoMs = clock.now().monoMs;
    const restMs = (): number => Math.max(0, drainMs - (clock.now().monoMs - startMonoMs));
    const emptied = this.#port.emptied();
    this.#journal.stopping(reason);
    this.#streams.close(reason);
    this.#restricted.end(reason);
    const close = wireClose('serviceRestart');
    // Half of the time to send goodbyes, half for the answers to them.
    await drain(this.#context, { reason, restartExpectedMs, close, timers, spreadMs: drainMs / 2 });
    // The port stays open until the last connection is closed, so that new clients and load balancers get 503.
    const waitMs = Math.max(0, restMs() - (sinks.length === 0 ? 0 : drainMs * sinksShare));
    await Promise.race([emptied, new Promise<void>((resolve) => void timers.after(waitMs, resolve))]);
    this.#schedule.close();
    this.#upstreams.close();
    await Promise.all([this.#sinks.close(restMs()), this.#notices.close(restMs())]);
    await this.#member?.close();
    await this.#port.close(restMs());
    for (const sink of [...this.#ownSinks, this.#journal]) await sink.close(0);
  }

  /** All that comes before the first connection. */
  async #begin(): Promise<void> {
    this.#annotations.start();
    await joinCluster(this.#member, this.#settings.cluster);
    this.#access.start();
    this.#startJournal();
    await this.#notices.start(this.#presence.readerFor('notices'));
    await this.#sinks.start();
  }

  /** Called when the rows of the cluster are listed, so that the journal continues with what changed since its last entry. */
  #startJournal(): void {
    this.#journal.start(this.#presence.readerFor(this.#journal.name));
  }

  /** PN16: only subscribers to notices receive them. */
  #notify(message: NoticeMessage): void {
    this.#streams.notice(message);
    let event: Buffer | undefined;
    for (const session of this.#context.sessions) {
      if (!session.wantsNotices) continue;
      event ??= Buffer.from(eventFramePrefix('notice', message));
      session.sendEvent([event]);
    }
  }

  /** Closes whatever was opened by a credential that is no longer valid (PA2). */
  #revoke(names: readonly string[]): void {
    for (const session of [...this.#context.sessions]) {
      if (names.includes(session.credential ?? '')) session.close(wireClose('tokenRevoked'), revoked);
    }
    for (const name of names) {
      this.#streams.closeOf(name);
      this.#restricted.closeOf(name);
    }
  }
}

function streamsOf({
  presence,
  viewers: { streams },
}: Reading): Pick<Reading, 'presence'> & { streams: EventStreams } {
  return { presence, streams };
}
