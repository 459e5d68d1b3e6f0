import { createRoster } from '../core/index.ts';
import { isMethod, wireClose } from '../protocol/index.ts';
import { handshakeDeadlines, ticks } from './chores.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { GatewayCounts } from './counts.ts';
import { sharedSecret } from './credentials.ts';
import { eventAudiences } from './event-audiences.ts';
import { FanOut } from './fan-out.ts';
import { limitNames } from './gateway-limits.ts';
import { gatewayMethods } from './gateway-methods.ts';
import { type GatewayOptions, type GatewaySettings, gatewaySettings } from './gateway-options.ts';
import { KeepAlive } from './keep-alive.ts';
import { type Listener, listen } from './listener.ts';
import type { MethodContext } from './method-context.ts';
import { isOriginAllowed } from './origin.ts';
import { Presence } from './presence.ts';
import { presenceMethods } from './presence-methods.ts';
import { RosterLists } from './roster-lists.ts';
import { Rotation } from './rotation.ts';
import { Schedule } from './schedule.ts';
import { selfFacts } from './self-facts.ts';
import { Session } from './session.ts';
import type { SessionContext } from './session-context.ts';
import { shutDown } from './shutdown.ts';
import { readCertificate } from './tls-certificate.ts';
import type { Peer, Transport } from './transport.ts';
import { createWebSurface, type WebSurface } from './web-surface.ts';

/** Where a gateway listens. */
export interface GatewayAddress {
  /** For clients, for example `ws://127.0.0.1:18789`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** A presence gateway. */
export interface Gateway {
  /** Opens the port; rejects with the system's error when it cannot be had. */
  start(): Promise<GatewayAddress>;
  /** Takes a connection that does not come from the port, and returns what its owner calls. */
  accept(transport: Transport, peer: Peer): Session;
  /** Says goodbye to everybody (PW8) and closes the port; harmless when done already. */
  close(reason?: string): Promise<void>;
}

/** Makes a gateway; nothing runs before `start`. Throws `TypeError` for options out of range. */
export function createGateway(options: GatewayOptions): Gateway {
  return new PresenceGateway(gatewaySettings(options));
}

/** Sockets beyond `maxConnections`: HTTP requests, and clients that are to hear that there is no place left (PL5). */
const spareSockets = 1_000;

class PresenceGateway implements Gateway {
  readonly #settings: GatewaySettings;
  readonly #context: SessionContext;
  readonly #schedule: Schedule;
  readonly #web: WebSurface;
  readonly #slots: ConnectionSlots;
  #listener: Listener | undefined;
  #isDraining = false;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
    this.#slots = new ConnectionSlots(settings);
    const { clock, timers } = settings;
    const presence = new Presence({
      roster: createRoster(settings),
      epoch: settings.newId(),
      clock,
      renewalMs: settings.renewalMs,
    });
    presence.setSelf(selfFacts(settings));
    this.#context = sessionContext(settings, presence);
    const { keepAlive, deadlines, sessions } = this.#context;
    const ticking = ticks(sessions, settings.tickIntervalMs, clock.now().monoMs);
    this.#web = createWebSurface(settings, this.#context, {
      isDraining: () => this.#isDraining,
      bytesSent: () => this.#listener?.sentBytes() ?? 0,
    });
    const chores = [presence, keepAlive, handshakeDeadlines(deadlines), ticking, this.#web.streams];
    this.#schedule = new Schedule(clock, timers, chores);
  }

  async start(): Promise<GatewayAddress> {
    const { tls, maxConnections } = this.#settings;
    this.#listener = await listen({
      ...this.#settings,
      slots: this.#slots,
      handleRequest: this.#web.handler,
      maxSockets: maxConnections + spareSockets,
      certificate: tls && readCertificate(tls),
      accept: (transport, peer) => this.accept(transport, peer),
    });
    this.#schedule.start();
    const { host, port } = this.#listener;
    return { host, port, url: `${tls === undefined ? 'ws' : 'wss'}://${urlHost(host)}:${port}` };
  }

  accept(transport: Transport, peer: Peer): Session {
    this.#schedule.start();
    return new Session(transport, peer, this.#context);
  }

  async close(reason = 'gateway stopping'): Promise<void> {
    this.#isDraining = true;
    this.#schedule.close();
    this.#slots.close();
    this.#web.close(reason);
    shutDown(this.#context, reason, wireClose('serviceRestart'));
    await this.#listener?.close();
  }
}

function sessionContext(settings: GatewaySettings, presence: Presence): SessionContext {
  const { clock, timers, maxCoalesceMs, version, maxBufferedBytes } = settings;
  const startMonoMs = clock.now().monoMs;
  const lists = new RosterLists(presence.roster);
  const sessions = new Set<Session>();
  const uptimeMs = (): number => clock.now().monoMs - startMonoMs;
  const counts = new GatewayCounts();
  presence.onChange((changes) => counts.changed(changes));
  const methods = methodTable({
    presence,
    lists,
    version,
    uptimeMs,
    connections: () => countSessions(sessions),
    effectiveSettings: effectiveSettings(settings),
  });
  return {
    presence,
    lists,
    version,
    uptimeMs,
    sessions,
    counts,
    audiences: eventAudiences({ lists, epoch: presence.epoch }),
    fanOut: new FanOut({ presence, clock, timers, maxCoalesceMs }),
    keepAlive: new KeepAlive({ intervalMs: settings.pingIntervalMs, nowMonoMs: () => clock.now().monoMs }),
    deadlines: new Rotation(settings.handshakeTimeoutMs),
    call: methods,
    newId: settings.newId,
    logger: settings.logger,
    maxBufferedBytes,
    authenticate: sharedSecret(settings.auth),
    isOriginAllowed: (peer) => isOriginAllowed(peer, settings.allowedOrigins),
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

/** What `config.get` shows: named one by one, so that a secret cannot slip in (PW9, PA2). */
function effectiveSettings(settings: GatewaySettings): Readonly<Record<string, unknown>> {
  const shown = [...shownSettings, ...limitNames].map((name) => [name, settings[name]] as const);
  return {
    ...Object.fromEntries(shown),
    auth: { mode: settings.auth.mode },
    tls: settings.tls !== undefined,
  };
}

const shownSettings = [
  'host',
  'port',
  'instanceId',
  'version',
  'ttlMs',
  'maxEntries',
  'hiddenModes',
  'transientModes',
  'allowedOrigins',
  'trustedProxies',
] as const;

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
