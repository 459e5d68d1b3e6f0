import { backoffDelayMs } from '../../client/backoff.ts';
import { createClockOffset } from '../../client/clock-offset.ts';
import { connectParams } from '../../client/connect-plan.ts';
import type { ClientSocket, SocketHandlers } from '../../client/index.ts';
import {
  type CloseContext,
  type CloseDecision,
  type EventFrame,
  type HelloOk,
  ProtocolClient,
} from '../../client/protocol-client.ts';
import { explainClose, explainConnectError } from '../../client/refusals.ts';
import type { Clock, DelayTimers, Logger } from '../../core/index.ts';
import { type Explanation, explainFault, explanation, handshakeMs, refusedMs } from './link-fault.ts';
import { readMoment, readWord, recordOf } from './listed-entry.ts';
import { keepDeviceToken, readSecrets, type Secrets } from './secret-files.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { pairingAdvice, problemOf, type UpstreamProblem } from './upstream-problem.ts';
import { openUpstreamSocket } from './upstream-socket.ts';

/** The state of the connection to an upstream. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'up'; readonly hello: UpstreamHello }
  | { readonly kind: 'unreachable' | 'restarting' | 'refused'; readonly problem: UpstreamProblem };

/** What an upstream states of itself in its hello. */
export interface UpstreamHello {
  readonly version: string;
  readonly protocol: number;
  readonly methods: readonly string[];
  /** True when it sends Rollcall's deltas. */
  readonly isRollcall: boolean;
  /** The list in the hello; empty for readers of deltas. */
  readonly presence: unknown;
}

/** What a link depends on. */
export interface LinkOptions {
  readonly config: UpstreamConfig;
  readonly clock: Clock;
  readonly timers: DelayTimers;
  /** From 0 to below 1, for the jitter. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Version of this program. */
  readonly version: string;
  /** Our id at the upstream, which is not listed there. */
  readonly instanceId: string;
  /** Called after every change of the state. */
  onState(state: LinkState): void;
  onEvent(event: string, payload: unknown): void;
  /** Called when events were lost: everything must be read again. */
  onGap(): void;
}

/** Delays between attempts that fail in the network. */
const networkBackoff = { initialMs: 300, factor: 2, maxMs: 5_000 };
const pairingMs = 5_000;
/** Long, because every attempt opens a socket that the gateway logs as abandoned. */
const secretFileMs = 15_000;
const requestMs = 10_000;
/** A connection that stayed this long counts as a success: the next attempt after it is an early one. */
const stableMs = 10_000;
/** A gateway that announced its end counts as restarting for this long, and as unreachable afterwards. */
const restartMs = 60_000;

/**
 * The connection to one upstream: opened, kept open and reopened, until it is closed. Reads only.
 *
 * It connects as `cli`, which no gateway lists, with `operator.read` and nothing else (PU11).
 */
export class UpstreamLink {
  readonly #options: LinkOptions;
  readonly #offset = createClockOffset();
  readonly #protocol: ProtocolClient;
  #attempts = 0;
  #upMonoMs: number | undefined;
  #state: LinkState = { kind: 'connecting' };
  #secrets: Secrets = {};
  /** State of the present socket; reset with each. */
  #explanation: Explanation | undefined;
  #shutdownReason: string | undefined;
  #error: NodeJS.ErrnoException | undefined;
  #restartMs = restartMs;
  #restartEndsMonoMs = 0;
  #ca: string | undefined;
  #latencyMs: number | undefined;
  #receivedMonoMs: number | undefined;
  #isPaused = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#protocol = new ProtocolClient({
      createSocket: (handlers) => this.#openSocket(handlers),
      connectParams: ({ nonce, challengeTs }) => this.#plan(nonce, challengeTs),
      onPlanError: ({ message }) => this.#fail(problemOf('SECRET_FILE', message), true, secretFileMs),
      onConnectFailure: (error) => this.#refused(error),
      onHello: (hello) => this.#up(hello),
      onClose: (context) => this.#closed(context),
      onSocketFactoryError: (error) => this.#noSocket(error),
      onEvent: (frame) => this.#receive(frame),
      onGap: () => this.#state.kind === 'up' && options.onGap(),
      onCallbackError: (label, error) => options.logger.warn({ upstream: this.#name, err: error }, label),
      handshakeTimeoutMs: handshakeMs,
      requestTimeoutMs: requestMs,
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Round trip of the latest ping, milliseconds. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** When the last message arrived, by our clock, milliseconds since the epoch. */
  get lastHeardAtMs(): number | undefined {
    const { monoMs, wallMs } = this.#now();
    return this.#receivedMonoMs === undefined
      ? undefined
      : Math.round(wallMs - (monoMs - this.#receivedMonoMs));
  }

  /** True while more arrives than is read. */
  get isFlooding(): boolean {
    return this.#isPaused;
  }

  /** Added to a moment of the upstream to get ours, milliseconds (PU2). */
  get offsetMs(): number {
    const { monoMs, wallMs } = this.#now();
    const theirNowMs = this.#offset.serverNowMs(monoMs);
    return theirNowMs === undefined ? 0 : wallMs - theirNowMs;
  }

  start(): void {
    this.#protocol.start();
  }

  close(): void {
    this.#protocol.stop();
  }

  /** Closes this socket; another attempt follows. */
  drop(reason: string): void {
    this.#protocol.closeSocket(4000, reason);
  }

  /** Calls a method that reads. Rejects with the upstream's refusal. */
  request(method: string, params: object = {}): Promise<unknown> {
    return this.#protocol.request(method, params);
  }

  /** Takes the upstream's time `theirMs` of a message that just arrived. */
  sample(theirMs: unknown): void {
    const moment = readMoment(theirMs);
    if (moment !== undefined) this.#offset.sample(moment, this.#now().monoMs);
  }

  get #name(): string {
    return this.#options.config.name;
  }

  #now(): { readonly monoMs: number; readonly wallMs: number } {
    return this.#options.clock.now();
  }

  /** The list of a hello is passed on and not stored: it would occupy memory as long as the connection. */
  #set(state: LinkState): void {
    this.#state = state.kind === 'up' ? { ...state, hello: { ...state.hello, presence: undefined } } : state;
    this.#options.onState(state);
  }

  #openSocket(handlers: SocketHandlers): ClientSocket {
    const { config, clock, timers } = this.#options;
    this.#explanation = undefined;
    this.#shutdownReason = undefined;
    this.#error = undefined;
    const noted = {
      ...handlers,
      error: (error: NodeJS.ErrnoException) => {
        this.#error = error;
        handlers.error(error);
      },
    };
    return openUpstreamSocket({
      url: config.url,
      ca: this.#ca,
      handlers: noted,
      clock,
      timers,
      onLatency: (ms) => {
        this.#latencyMs = ms;
      },
      onReceived: () => {
        this.#receivedMonoMs = this.#now().monoMs;
      },
      onPaused: (isPaused) => {
        this.#isPaused = isPaused;
      },
    });
  }

  /** The authority is read before the first attempt, and again after each failure. */
  setAuthority(pem: string | undefined): void {
    this.#ca = pem;
  }

  async #plan(nonce: string, challengeTs?: number): Promise<Record<string, unknown>> {
    const { config, version, instanceId } = this.#options;
    this.#offset.reset();
    this.sample(challengeTs);
    const secrets = await readSecrets(config);
    if (!secrets.ok) throw new Error(secrets.error.message);
    this.#secrets = secrets.value;
    const client = {
      id: 'cli',
      mode: 'cli',
      displayName: 'rollcall',
      version,
      platform: process.platform,
      instanceId,
    };
    const input = {
      ...{ client, instanceId, role: 'operator', scopes: ['operator.read'], caps: ['presence-delta'] },
      ...secrets.value,
    };
    return connectParams(input, {
      nonce,
      signedAtMs: readMoment(challengeTs) ?? Math.round(this.#now().wallMs),
    });
  }

  #fail(problem: UpstreamProblem, isPermanent: boolean, retryMs = refusedMs): void {
    this.#explanation = explanation(problem, isPermanent, retryMs);
  }

  #refused(error: Parameters<typeof explainConnectError>[0]): void {
    const why = explainConnectError(error);
    const { requestId } = (recordOf(error.details) ?? {}) as { requestId?: unknown };
    if (why.code.startsWith('PAIRING')) {
      const request = readWord(requestId);
      const advice = `On that gateway run: openclaw devices approve ${request ?? 'REQUEST (openclaw devices list shows it)'}`;
      return this.#fail(problemOf(why.code, why.reason, advice), true, pairingMs);
    }
    if (why.code.startsWith('AUTH_DEVICE_TOKEN')) this.#keepDeviceToken(undefined);
    return this.#fail(
      problemOf(why.code, why.reason, pairingAdvice(why.code, this.#options.config)),
      why.permanent,
      why.permanent ? refusedMs : (why.retryAfterMs ?? 0),
    );
  }

  #up(hello: HelloOk): void {
    const granted = hello.auth?.scopes ?? [];
    if (!['operator.read', 'operator.write', 'operator.admin'].some((scope) => granted.includes(scope))) {
      const advice = pairingAdvice('MISSING_SCOPE', this.#options.config);
      this.#fail(problemOf('MISSING_SCOPE', 'the gateway did not grant operator.read', advice), true);
      this.#protocol.closeSocket();
      return;
    }
    const { deviceToken } = hello.auth as { deviceToken?: unknown };
    const granting = readWord(deviceToken, 4_096);
    if (granting !== undefined && this.#secrets.deviceToken !== granting) this.#keepDeviceToken(granting);
    this.#upMonoMs = this.#now().monoMs;
    this.#set({ kind: 'up', hello: readHello(hello) });
  }

  #keepDeviceToken(deviceToken: string | undefined): void {
    const { device } = this.#options.config;
    if (device === undefined) return;
    keepDeviceToken(device, deviceToken).catch((error: Error) =>
      this.#options.logger.warn(
        { upstream: this.#name, problem: error.message },
        'cannot keep a device token',
      ),
    );
  }

  #receive({ event, payload }: EventFrame): void {
    const { ts, now, reason, restartExpectedMs } = recordOf(payload) ?? {};
    if (event === 'tick') this.sample(ts);
    else if (event === 'presence.delta') this.sample(now);
    else if (event === 'shutdown') this.#noteShutdown(readWord(reason), restartExpectedMs);
    this.#options.onEvent(event, payload);
  }

  #noteShutdown(reason: string | undefined, expectedMs: unknown): void {
    this.#shutdownReason = reason ?? 'it stops';
    const givenMs = readMoment(expectedMs) ?? 0;
    this.#restartMs = Math.min(10 * restartMs, Math.max(restartMs, 2 * givenMs));
  }

  #noSocket(error: Error): void {
    this.#set({ kind: 'refused', problem: problemOf('NETWORK', error.message) });
  }

  #closed(context: CloseContext): CloseDecision {
    const { monoMs } = this.#now();
    if (this.#upMonoMs !== undefined && monoMs - this.#upMonoMs >= stableMs) this.#attempts = 0;
    this.#upMonoMs = undefined;
    this.#isPaused = false;
    const explained = this.#explanation ?? this.#explain(context);
    const { isPermanent, retryMs, ...problem } = explained;
    if (problem.code === 'SERVICE_RESTART') this.#restartEndsMonoMs = monoMs + this.#restartMs;
    const kind = monoMs < this.#restartEndsMonoMs ? 'restarting' : 'unreachable';
    this.#set({ kind: isPermanent ? 'refused' : kind, problem });
    this.#attempts += 1;
    const { random } = this.#options;
    const backoffMs = backoffDelayMs(networkBackoff, this.#attempts, random);
    const slowMs = Math.round(retryMs * (0.75 + 0.5 * random()));
    return { retry: true, delayMs: Math.max(backoffMs, slowMs) };
  }

  #explain({ code, reason, socketOpened, error: failure }: CloseContext): Explanation {
    const error = this.#error ?? (failure as NodeJS.ErrnoException | undefined);
    const said = explainFault(error?.code ?? '', error?.message ?? '', code);
    if (said !== undefined) return said;
    const { url } = this.#options.config;
    const shutdownReason = this.#shutdownReason;
    const why = explainClose({ url, code, reason, socketOpened, error, shutdownReason });
    const advice = why.code.startsWith('HTTP_') && !why.permanent ? why.whatToDo : undefined;
    return explanation(problemOf(why.code, why.reason, advice), why.permanent, why.permanent ? refusedMs : 0);
  }
}

function readHello(hello: HelloOk): UpstreamHello {
  const { capabilities = [], methods = [] } = hello.features ?? {};
  return {
    version: readWord(hello.server?.version) ?? 'unknown',
    protocol: hello.protocol,
    methods,
    isRollcall: capabilities.includes('presence-delta') && methods.includes('presence.list'),
    presence: recordOf(hello.snapshot)?.['presence'],
  };
}
