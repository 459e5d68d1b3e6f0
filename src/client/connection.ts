import type { Facts } from '../core/facts.ts';
import type { Instant } from '../core/ports.ts';
import { backoffDelayMs } from './backoff.ts';
import type { BeaconLoop } from './beacon.ts';
import { type BeaconFields, type BeaconResult, beaconFailure, beaconParams } from './beacon.ts';
import type { ClientState, Feed } from './client-state.ts';
import { createClockOffset } from './clock-offset.ts';
import { connectParams, ownFacts } from './connect-plan.ts';
import { readHello, tickIntervalOf } from './hello.ts';
import { keptInstanceId } from './instance-id.ts';
import {
  type CloseContext,
  type CloseDecision,
  type EventFrame,
  type HelloOk,
  ProtocolClient,
} from './protocol-client.ts';
import { type Explanation, explainClose, explainConnectError, refusal } from './refusals.ts';
import type { RosterFeed } from './roster-feed.ts';
import type { Settings } from './settings.ts';
import type { ClientSocket, SocketHandlers } from './socket.ts';
import { createTickWatch, type TickWatch } from './tick-watch.ts';
import { fields, isCount } from './wire.ts';

/** What a connection depends on. */
export interface ConnectionDeps {
  readonly settings: Settings;
  readonly feed: RosterFeed;
  readonly beacons: BeaconLoop;
  /** After every change of `state`. */
  onState(): void;
}

/** The connection of one client: opened, kept open, reopened. */
export interface Connection {
  readonly state: ClientState;
  start(): void;
  stop(): void;
  request(method: string, params?: unknown): Promise<unknown>;
  beacon(fields: BeaconFields): Promise<BeaconResult>;
  serverNowMs(): number;
}

/** A connection that stayed this long counts as a success: the next attempt after it is an early one. */
const stableMs = 10_000;

/** Creates a connection; it opens nothing before `start()`. */
export function createConnection(deps: ConnectionDeps): Connection {
  return new PresenceConnection(deps);
}

class PresenceConnection implements Connection {
  readonly #deps: ConnectionDeps;
  readonly #settings: Settings;
  readonly #offset = createClockOffset();
  readonly #watch: TickWatch;
  readonly #protocol: ProtocolClient;
  #state: ClientState;
  #instanceId: string | undefined;
  #attempts = 0;
  #socket: Attempt = newAttempt();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#settings = deps.settings;
    this.#instanceId = deps.settings.client?.instanceId;
    this.#state = { phase: 'idle', sinceMs: this.#now().wallMs };
    this.#watch = createTickWatch({
      monoMs: () => this.#now().monoMs,
      onSilence: () => this.#protocol.closeSocket(4000, 'the gateway went silent'),
    });
    this.#protocol = this.#createProtocol();
  }

  get state(): ClientState {
    return this.#state;
  }

  start(): void {
    if (this.#state.phase !== 'idle' && this.#state.phase !== 'refused') return;
    this.#attempts = 0;
    this.#setState({ phase: 'connecting', sinceMs: this.#now().wallMs });
    this.#protocol.start();
  }

  stop(): void {
    if (this.#state.phase === 'idle') return;
    this.#protocol.stop();
    this.#down();
    this.#setState({ phase: 'idle', sinceMs: this.#now().wallMs });
  }

  request(method: string, params?: unknown): Promise<unknown> {
    if (this.#state.phase === 'connected') return this.#protocol.request(method, params);
    return Promise.reject(new Error(`${method} needs a connection, which is ${this.#state.phase}`));
  }

  async beacon(said: BeaconFields): Promise<BeaconResult> {
    if (this.#state.phase !== 'connected') {
      return beaconFailure(new Error(`the connection is ${this.#state.phase}`));
    }
    try {
      await this.request('system-event', beaconParams(this.#isOwn(said) ? this.#ownFacts() : {}, said));
      return { ok: true };
    } catch (error) {
      return beaconFailure(error);
    }
  }

  serverNowMs(): number {
    const now = this.#now();
    return this.#offset.serverNowMs(now.monoMs) ?? now.wallMs;
  }

  #now(): Instant {
    return this.#settings.clock.now();
  }

  #setState(state: ClientState): void {
    this.#state = state;
    this.#deps.onState();
  }

  #isOwn({ instanceId, deviceId }: BeaconFields): boolean {
    if (instanceId !== undefined) return instanceId === this.#instanceId;
    return deviceId === undefined || deviceId === this.#settings.device?.deviceId;
  }

  #ownFacts(): Facts {
    return ownFacts(this.#settings.client ?? {}, this.#instanceId ?? '');
  }

  #createProtocol(): ProtocolClient {
    const { requestTimeoutMs, logger } = this.#settings;
    return new ProtocolClient({
      createSocket: (handlers) => this.#openSocket(handlers),
      connectParams: ({ nonce, challengeTs }) => this.#plan(nonce, challengeTs),
      onPlanError: ({ message }) => this.#fail(refusal('CLIENT', message)),
      onConnectFailure: (error) => this.#fail(explainConnectError(error)),
      onHello: (hello) => this.#up(hello),
      onClose: (context) => this.#closed(context),
      onSocketFactoryError: (error) => this.#refuse(refusal('SOCKET', error.message)),
      onEvent: (frame) => this.#receive(frame),
      onGap: () => this.#socket.isConnected && this.#deps.feed.gap(),
      onActivity: () => this.#watch.seen(),
      onCallbackError: (label, error) => logger?.warn(`${label}: ${String(error)}`),
      handshakeTimeoutMs: 15_000,
      requestTimeoutMs,
    });
  }

  #openSocket(handlers: SocketHandlers): ClientSocket {
    this.#socket = newAttempt();
    const state = this.#state;
    if (state.phase === 'reconnecting') {
      const { retryInMs: _past, ...trying } = state;
      this.#setState(trying);
    }
    return this.#settings.createSocket(this.#settings.url, handlers);
  }

  async #plan(nonce: string, challengeTs?: number): Promise<Record<string, unknown>> {
    const now = this.#now();
    this.#offset.reset();
    if (challengeTs !== undefined) this.#offset.sample(challengeTs, now.monoMs);
    const { client = {}, store, newId, logger, fullLists = false, onNotice } = this.#settings;
    this.#instanceId ??= await keptInstanceId(store, newId, logger);
    const caps = [...(fullLists ? [] : ['presence-delta']), ...(onNotice ? ['notices'] : [])];
    const { deviceToken: tokens, ...settings } = this.#settings;
    const deviceToken = await tokens?.get();
    const given = { client, instanceId: this.#instanceId, caps, ...(deviceToken && { deviceToken }) };
    const input = { ...settings, ...given };
    return connectParams(input, { nonce, signedAtMs: challengeTs ?? now.wallMs });
  }

  /** The handshake failed; the close that follows decides what happens next. */
  #fail(explanation: Explanation): void {
    this.#socket.explanation = explanation;
  }

  #up(hello: HelloOk): void {
    const welcome = readHello(hello, this.#settings);
    if (welcome === undefined) {
      this.#fail(refusal('MISSING_SCOPE', 'the gateway did not grant operator.read'));
      this.#protocol.closeSocket();
      return;
    }
    const { monoMs, wallMs: sinceMs } = this.#now();
    this.#socket.connectedMonoMs = monoMs;
    this.#keepDeviceToken(fields<{ deviceToken: string }>(hello.auth).deviceToken);
    this.#setState({ phase: 'connected', sinceMs, ...welcome });
    this.#follow(hello, welcome.feed);
  }

  /** A token that cannot be stored is granted again at the next handshake. */
  #keepDeviceToken(token: unknown): void {
    const { deviceToken, logger } = this.#settings;
    if (typeof token !== 'string' || token === '' || deviceToken === undefined) return;
    Promise.resolve(deviceToken.set(token)).catch((error) =>
      logger?.warn(`cannot keep the device token: ${String(error)}`),
    );
  }

  /** Events of the turn in which the hello came were handed over before it; they are taken now. */
  #follow(hello: HelloOk, kind: Feed): void {
    const socket = this.#socket;
    if (this.#state.phase !== 'connected') return;
    this.#watch.start(tickIntervalOf(hello));
    this.#deps.beacons.start();
    if (kind === 'delta') this.#deps.feed.followDeltas();
    if (kind === 'list') this.#deps.feed.followLists(hello.snapshot);
    socket.isConnected = true;
    for (const frame of socket.queued.splice(0)) this.#receive(frame);
  }

  #receive(frame: EventFrame): void {
    const socket = this.#socket;
    if (!socket.isConnected) {
      socket.queued.push(frame);
      return;
    }
    if (!socket.hasSequence && frame.seq !== undefined) {
      socket.hasSequence = true;
      if (frame.seq > 1) this.#deps.feed.gap();
    }
    this.#take(frame);
  }

  #take({ event, payload, stateVersion }: EventFrame): void {
    const { feed } = this.#deps;
    const { now, ts, reason } = fields<{ now: unknown; ts: unknown; reason: unknown }>(payload);
    if (event === 'presence.delta') {
      this.#sample(now);
      feed.delta(payload);
    } else if (event === 'presence') feed.presence(payload, stateVersion?.presence);
    else if (event === 'tick' && isCount(ts)) {
      this.#sample(ts);
      feed.now(ts);
    } else if (event === 'notice') this.#settings.onNotice?.(payload);
    else if (event === 'shutdown') this.#socket.shutdownReason = typeof reason === 'string' ? reason : '';
  }

  #sample(serverMs: unknown): void {
    if (isCount(serverMs)) this.#offset.sample(serverMs, this.#now().monoMs);
  }

  #closed({ code, reason, socketOpened, error }: CloseContext): CloseDecision {
    const { explanation, shutdownReason, connectedMonoMs } = this.#socket;
    const { url } = this.#settings;
    const why = explanation ?? explainClose({ url, code, reason, socketOpened, error, shutdownReason });
    if (connectedMonoMs !== undefined && this.#now().monoMs - connectedMonoMs >= stableMs) this.#attempts = 0;
    this.#down();
    return why.permanent ? this.#refuse(why) : this.#retry(why);
  }

  #down(): void {
    this.#socket = newAttempt();
    this.#watch.stop();
    this.#deps.beacons.stop();
    this.#deps.feed.lost();
  }

  #refuse({ code, reason, whatToDo = '' }: Explanation): CloseDecision {
    this.#setState({ phase: 'refused', sinceMs: this.#now().wallMs, code, reason, whatToDo });
    return { retry: false };
  }

  #retry({ permanent: _no, retryAfterMs = 0, ...why }: Explanation): CloseDecision {
    const { policy, random } = this.#settings;
    const attempts = ++this.#attempts;
    const retryInMs = Math.max(retryAfterMs, backoffDelayMs(policy, attempts, random));
    const sinceMs = this.#state.phase === 'reconnecting' ? this.#state.sinceMs : this.#now().wallMs;
    this.#setState({ phase: 'reconnecting', sinceMs, attempts, retryInMs, ...why });
    return { retry: true, delayMs: retryInMs };
  }
}

/** State of one socket. */
interface Attempt {
  /** The hello was taken; events before that wait in `queued`. */
  isConnected: boolean;
  readonly queued: EventFrame[];
  /** An event with a number has come. */
  hasSequence: boolean;
  connectedMonoMs?: number;
  /** Why the handshake failed. */
  explanation?: Explanation;
  /** What the gateway announced before it stopped. */
  shutdownReason?: string;
}

/** State of a socket that was just opened. */
function newAttempt(): Attempt {
  return { isConnected: false, queued: [], hasSequence: false };
}
