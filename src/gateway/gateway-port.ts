import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Instant, isLoopback } from '../core/index.ts';
import { createPeerReader, createProxyCheck, type ReadPeer } from './access/client-address.ts';
import type { PersonOf } from './access/identity.ts';
import { type GatewaySettings, insecureBindProblem } from './gateway-options.ts';
import type { RequestHandler } from './http/http-app.ts';
import { CertificateWatch } from './listening/certificate-watch.ts';
import { ConnectionLimiter } from './listening/connection-limiter.ts';
import { IdleSocketReaper } from './listening/idle-socket-reaper.ts';
import {
  createUpgradeHandler,
  type Listener,
  listen,
  type UpgradeHandler,
  type UpgradeOptions,
  wantsWebSocket,
} from './listening/listener.ts';
import { type CertificatePair, readCertificate } from './listening/tls-certificate.ts';
import { UnfinishedMessages, unfinishedLimits } from './listening/unfinished-messages.ts';
import type { PeriodicTask } from './time/schedule.ts';

/** Where a gateway listens. */
export interface GatewayAddress {
  /** For clients, for example `ws://127.0.0.1:18789`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** What a port leads to. */
export interface PortHandlers {
  /** What a trusted proxy states of the person behind a request (PA10). */
  readonly personOf: PersonOf;
  readonly accept: UpgradeOptions['accept'];
  readonly answerRequest: RequestHandler;
}

/** Sockets beyond `maxConnections`: HTTP requests, and clients that are refused because there is no place left (PL5). */
const spareSockets = 1_000;

/**
 * The way from the network to sessions and the HTTP surface: a port of its own, with TLS and places for connections, and what
 * comes from the server of somebody else.
 */
export class GatewayPort {
  /** Who is on the other side, after trusted proxies (PI3). */
  readonly peerOf: ReadPeer;
  readonly unfinished: UnfinishedMessages;
  readonly #settings: GatewaySettings;
  readonly #answerRequest: RequestHandler;
  readonly #answerUpgrade: UpgradeHandler;
  readonly #upgradeOptions: UpgradeOptions;
  readonly #slots: ConnectionLimiter;
  readonly #idle: IdleSocketReaper;
  #listener: Listener | undefined;
  #address: GatewayAddress | undefined;
  #certificate: CertificateWatch | undefined;

  constructor(settings: GatewaySettings, { personOf, accept, answerRequest }: PortHandlers) {
    const { maxPayloadBytes, trustedProxies } = settings;
    this.#settings = settings;
    this.#answerRequest = answerRequest;
    this.peerOf = createPeerReader(trustedProxies);
    this.unfinished = new UnfinishedMessages(unfinishedLimits(settings));
    this.#slots = new ConnectionLimiter(settings);
    this.#idle = new IdleSocketReaper({ ...settings, isTrustedProxy: createProxyCheck(trustedProxies) });
    const { peerOf, unfinished } = this;
    this.#upgradeOptions = { maxPayloadBytes, slots: this.#slots, unfinished, peerOf, personOf, accept };
    this.#answerUpgrade = createUpgradeHandler(this.#upgradeOptions);
  }

  /** Where it listens; `undefined` before {@link listen}. */
  get address(): GatewayAddress | undefined {
    return this.#address;
  }

  /** Bytes written to all sockets so far. */
  get sentBytes(): number {
    return this.#listener?.sentBytes() ?? 0;
  }

  /** What is due from time to time: idle sockets, messages that do not end, another certificate. */
  get tasks(): readonly PeriodicTask[] {
    const certificate = { run: (now: Instant) => this.#certificate?.run(now) };
    return [this.#idle, this.unfinished, certificate];
  }

  /** Opens the port; rejects with the system's error when it cannot be had. */
  async listen(): Promise<GatewayAddress> {
    const { tls, maxConnections } = this.#settings;
    const listener = await listen({
      ...this.#settings,
      ...this.#upgradeOptions,
      waiting: this.#idle,
      handleRequest: this.#answerRequest,
      maxSockets: maxConnections + spareSockets,
      certificate: tls && readCertificate(tls),
    });
    this.#listener = listener;
    this.#refuseInsecureBind(listener.host);
    this.#watchCertificate(listener);
    const { host, port } = listener;
    this.#address = { host, port, url: `${tls === undefined ? 'ws' : 'wss'}://${urlHost(host)}:${port}` };
    return this.#address;
  }

  /** Answers a request of a server that the gateway did not create. Without credentials, on loopback addresses only (PA1). */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isInsecureBind(request)) return this.#answerRequest(request, response);
    response.writeHead(403, { Connection: 'close' }).end();
  }

  /** Answers an `upgrade` of such a server; one to something else than a WebSocket is refused with 400. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (wantsWebSocket(request) && !this.#isInsecureBind(request)) {
      return this.#answerUpgrade(request, socket as Socket, head);
    }
    socket.on('error', () => {});
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  }

  /** Gives no more places to connections; resolves when the last one has gone. */
  emptied(): Promise<void> {
    return new Promise((resolve) => this.#slots.close(resolve));
  }

  /** Takes no more connections, and drops those that are still open after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    await this.#listener?.close(graceMs);
  }

  /** PA1, for a server that the gateway did not create: no credentials, at an address that is not loopback. */
  #isInsecureBind({ socket }: IncomingMessage): boolean {
    return this.#settings.auth.mode === 'none' && !isLoopback(socket.localAddress ?? '');
  }

  /** PA1: the hosts file decides what `localhost` resolves to; what counts is the resolved address. */
  #refuseInsecureBind(address: string): void {
    const { auth, host } = this.#settings;
    if (isLoopback(address)) return;
    const problem = insecureBindProblem(auth.mode, `${host} (${address})`);
    if (problem !== undefined) throw new TypeError(problem);
  }

  #watchCertificate(listener: Listener): void {
    const { tls, logger } = this.#settings;
    if (tls === undefined) return;
    const use = (pair: CertificatePair): void => listener.setCertificate(pair);
    this.#certificate = new CertificateWatch({ files: tls, use, logger });
  }
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
