import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface InfoOptions {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly limitMs: number;
  /** Set when TLS is required: a server that waits for the TLS handshake before it sends INFO is detected, too. */
  readonly tls?: ConnectionOptions | undefined;
}

/** A server sends INFO at once, or within 50 ms (`handshake_first: auto`); one that is silent for this part of the limit may wait for TLS. */
const plainShare = 1 / 3;

/**
 * Waits until a NATS server sends INFO, on a connection of its own; rejects when it does not in time. Resolves with true when the
 * server wants the TLS handshake first (`handshake_first: true`).
 *
 * The client of NATS does not close its socket when no INFO arrives: a server that is cut off would cost one with every
 * attempt.
 */
export async function natsInfo({ host, port, limitMs, tls }: InfoOptions): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    if (tls === undefined) {
      await spoken(socket, limitMs);
      return false;
    }
    const plainMs = limitMs * plainShare;
    const hasInfo = await spoken(socket, plainMs).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Silence && !socket.connecting) return false;
        throw error;
      },
    );
    if (hasInfo) return false;
    // The certificate is verified by the connection that is used later; nothing is sent here.
    await spoken(connectTls({ ...tls, socket, rejectUnauthorized: false }), limitMs - plainMs);
    return true;
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}

class Silence extends Error {}

/** Waits for the first byte that a socket delivers. */
function spoken(socket: Socket, limitMs: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const settled = (settle: () => void) => (): void => {
      socket.setTimeout(0);
      settle();
    };
    socket.once('data', settled(resolve));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed unexpectedly')));
    socket.setTimeout(
      limitMs,
      settled(() => reject(new Silence(`no answer within ${limitMs / 1000} s`))),
    );
  });
}
