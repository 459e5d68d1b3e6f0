import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type CertificatePair, checkCertificate, secureOptions } from './tls-certificate.ts';

/** What the HTTP server depends on. */
export interface HttpServerOptions {
  /** Time for a client to finish the TLS handshake, and to send the head of its request, milliseconds. */
  readonly handshakeTimeoutMs: number;
  /** Most sockets of every kind; those beyond it are dropped as they come. */
  readonly maxSockets: number;
  /** Absent: plain HTTP. */
  readonly certificate?: CertificatePair | undefined;
  /** Answers requests that are no upgrades. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A server that does not listen yet. */
export interface HttpServer {
  readonly server: Server;
  /** Answers a request whose `Upgrade` names another protocol as if it named none (RFC 9110, 7.8). */
  ignoreUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Uses another certificate from the next connection on; throws `TypeError` and keeps the old one when it is wrong. */
  setCertificate(pair: CertificatePair): void;
}

/** Longest time for a client to send a whole request, milliseconds. */
const requestTimeoutMs = 30_000;
/**
 * How long an idle connection is kept, milliseconds: longer than the 60 s of common load balancers, so that none of them
 * sends a request into a connection that is being closed.
 */
const keepAliveTimeoutMs = 75_000;

/** Makes the HTTP or HTTPS server under the WebSockets, with every wait for a client bounded (PL1). */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { handshakeTimeoutMs, certificate, handleRequest } = options;
  const http: ServerOptions = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, handshakeTimeoutMs),
    connectionsCheckingInterval: Math.min(1_000, handshakeTimeoutMs),
    keepAliveTimeout: keepAliveTimeoutMs,
  };
  // This server never listens. Without a listener for upgrades Node handles every request as a plain one.
  const plain = createPlainServer(http, handleRequest);
  const ignoreUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.unshift(Buffer.concat([requestHead(request), head]));
    plain.emit('connection', socket);
  };
  if (certificate === undefined) {
    const server = createPlainServer(http, handleRequest);
    server.maxConnections = options.maxSockets;
    return { server, ignoreUpgrade, setCertificate: refuseCertificate };
  }
  const server: TlsServer = createTlsServer(
    { ...http, ...secureOptions(certificate), handshakeTimeout: handshakeTimeoutMs },
    handleRequest,
  );
  server.maxConnections = options.maxSockets;
  // Plain text, scanners and clients that do not trust the certificate are no faults of the gateway.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    server,
    ignoreUpgrade,
    setCertificate(pair) {
      checkCertificate(pair);
      server.setSecureContext(secureOptions(pair));
    },
  };
}

/** The head of a request as it was sent, for a server that is to read it again. */
function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function refuseCertificate(): never {
  throw new TypeError('a gateway that started without a certificate cannot be given one');
}
