import { connect } from 'node:net';

/**
 * Waits until a NATS server greets, on a connection of its own; rejects when it does not within `limitMs`.
 *
 * The client of NATS does not close its socket when nobody greets it: a server that is cut off would cost one with every
 * attempt.
 */
export async function natsGreeting(host: string, port: number, limitMs: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('data', () => resolve());
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed unexpectedly')));
      socket.setTimeout(limitMs, () => reject(new Error(`no answer within ${limitMs / 1000} s`)));
    });
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}
