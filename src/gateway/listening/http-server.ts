import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type CertificatePair, checkCertificate, secureOptions } from './tls-certificate.ts';

/** What the HTTP server needs. */
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
  /** Uses another certificate from the next connection on; throws `TypeError` and keeps the old one when it is wrong. */
  setCertificate(pair: CertificatePair): void;
}

/** Longest time for a client to send a whole request, milliseconds. */
const requestTimeoutMs = 30_000;

/** Makes the HTTP or HTTPS server under the WebSockets, with every wait for a client bounded (PL1). */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { handshakeTimeoutMs, certificate, handleRequest } = options;
  const http: ServerOptions = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, handshakeTimeoutMs),
    connectionsCheckingInterval: Math.min(1_000, handshakeTimeoutMs),
  };
  if (certificate === undefined) {
    const server = createPlainServer(http, handleRequest);
    server.maxConnections = options.maxSockets;
    return { server, setCertificate: refuseCertificate };
  }
  const server: TlsServer = createTlsServer(
    { ...http, ...secureOptions(certificate), handshakeTimeout: handshakeTimeoutMs },
    handleRequest,
  );
  server.maxConnections = options.maxSockets;
  // Plain text, scanners and clients that do not trust the certificate: their matter, not a fault.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    server,
    setCertificate(pair) {
      checkCertificate(pair);
      server.setSecureContext(secureOptions(pair));
    },
  };
}

function refuseCertificate(): never {
  throw new TypeError('a gateway that started without a certificate cannot be given one');
}
