import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ClientSocket, GatewayRequestError, SocketHandlers } from '../client/index.ts';
import { reportUpgradeAnswer } from '../client/node/ws-socket.ts';
import { type CloseContext, type HelloOk, ProtocolClient } from '../client/protocol-client.ts';
import { type CallProblem, explainProblem } from './call-problem.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { ok, type Result, refused } from './result.ts';

/** Longest wait for the connection, for the handshake and for each answer. */
const patienceMs = 10_000;

/** An open, authenticated connection of a command. */
export interface GatewayCall {
  readonly hello: HelloOk;
  /** The gateway's clock in its challenge, and this computer's at the same moment; absent in old gateways. */
  readonly challengeTimes: { readonly gatewayMs: number; readonly localMs: number } | undefined;
  /** The gateway's clock now, derived from its challenge; this computer's when that had no time. */
  gatewayNowMs(): number;
  /** How long an answer took, in milliseconds: that of the handshake. */
  readonly roundTripMs: number;
  /** True when the hello of the gateway lists the method. */
  serves(method: string): boolean;
  /** Sends a request and waits for the answer; a refusal is returned as the line that people read. */
  request(method: string, params?: unknown): Promise<Result<unknown>>;
  close(): void;
}

/** Options of {@link openGatewayCall}. */
export interface GatewayCallOptions {
  readonly target: GatewayTarget;
  /** The least scopes that do the work. */
  readonly scopes: readonly string[];
  /** Version of this program. */
  readonly version: string;
  readonly platform: string;
  /** Milliseconds since the epoch by this computer. */
  readonly nowMs: () => number;
}

/** State of the handshake. */
interface Handshake {
  challengeTimes?: { gatewayMs: number; localMs: number };
  askedAtMs: number;
  error?: Error;
}

/**
 * Connects as client `cli`, mode `cli`, with a new instance id, protocol 3 or 4, and waits for the gateway's hello.
 *
 * Never reconnects. A refusal or an unreachable gateway is a failure of one line with what to do.
 */
export function openGatewayCall(options: GatewayCallOptions): Promise<Result<GatewayCall>> {
  const { promise, resolve } = withResolvers<Result<GatewayCall>>();
  const handshake: Handshake = { askedAtMs: performance.now() };
  const fail = (problem: CallProblem): void => resolve(refused(explainProblem(problem, options.target)));
  const client: ProtocolClient = new ProtocolClient({
    createSocket: (handlers) =>
      createClientSocket({ url: options.target.url, handlers, timeoutMs: patienceMs }),
    connectParams: ({ challengeTs }) => {
      handshake.askedAtMs = performance.now();
      if (challengeTs !== undefined)
        handshake.challengeTimes = { gatewayMs: challengeTs, localMs: options.nowMs() };
      return connectParams(options);
    },
    onTransportError: (error) => {
      handshake.error ??= error;
    },
    onHello: (hello) => resolve(ok(callOf(client, hello, handshake, options))),
    onSocketFactoryError: (error) => fail({ kind: 'transport', error }),
    onClose: (context) => {
      fail(closeProblem(context, handshake));
      return { retry: false };
    },
    handshakeTimeoutMs: patienceMs,
    requestTimeoutMs: patienceMs,
  });
  client.start();
  return promise;
}

function connectParams(options: GatewayCallOptions): unknown {
  const { token, password } = options.target;
  return {
    minProtocol: 3,
    maxProtocol: 4,
    client: {
      id: 'cli',
      displayName: 'rollcall',
      version: options.version,
      platform: options.platform,
      mode: 'cli',
      instanceId: randomUUID(),
    },
    role: 'operator',
    scopes: [...options.scopes],
    caps: [],
    ...((token ?? password) && { auth: { ...(token && { token }), ...(password && { password }) } }),
  };
}

function callOf(
  client: ProtocolClient,
  hello: HelloOk,
  handshake: Handshake,
  { target, nowMs }: GatewayCallOptions,
): GatewayCall {
  const { challengeTimes } = handshake;
  const served: readonly string[] = hello.features?.methods ?? [];
  return {
    hello,
    challengeTimes,
    gatewayNowMs: () =>
      nowMs() + (challengeTimes === undefined ? 0 : challengeTimes.gatewayMs - challengeTimes.localMs),
    roundTripMs: Math.round(performance.now() - handshake.askedAtMs),
    serves: (method) => served.includes(method),
    request: async (method, params) => {
      try {
        return ok(await client.request(method, params));
      } catch (error) {
        return refused(explainProblem({ kind: 'answer', method, error: error as Error, served }, target));
      }
    },
    close: () => client.stop(),
  };
}

function closeProblem(context: CloseContext, handshake: Handshake): CallProblem {
  const refusal = context.error;
  if (context.connectRequestSent && refusal !== undefined) {
    return { kind: 'handshake', error: refusal as GatewayRequestError };
  }
  const error = handshake.error ?? refusal;
  if (error !== undefined) return { kind: 'transport', error };
  return { kind: 'closed', code: context.code, reason: context.reason };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A `ws` socket in the shape that `ProtocolClient` drives. */
function createClientSocket(options: {
  readonly url: string;
  readonly handlers: SocketHandlers;
  /** Longest wait for the connection and the HTTP upgrade. */
  readonly timeoutMs: number;
}): ClientSocket {
  const { url, handlers, timeoutMs } = options;
  const socket = new WebSocket(url, { handshakeTimeout: timeoutMs, perMessageDeflate: false });
  reportUpgradeAnswer(socket);
  socket.on('open', () => handlers.open());
  socket.on('message', (data) => handlers.message(String(data)));
  socket.on('close', (code, reason) => handlers.close(code, reason.toString()));
  socket.on('error', (error) => handlers.error(error));
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
  };
}
