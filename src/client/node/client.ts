import {
  createPresenceClient as createClient,
  type PresenceClient,
  type PresenceClientOptions,
} from '../index.ts';
import { wsSocket } from './ws-socket.ts';

/** What `rollcall` and `rollcall/client` are in Node: the client, which opens its sockets with the package `ws`. */
export * from '../index.ts';

/**
 * Makes a presence client; nothing happens before `start()`. Sockets are those of `wsSocket()` unless `createSocket` is given, so it
 * works on Node 20 too, which has no global WebSocket.
 *
 * Throws a TypeError for options that can never work: no WebSocket URL, a negative duration.
 */
export function createPresenceClient(options: PresenceClientOptions): PresenceClient {
  return createClient({ ...options, createSocket: options.createSocket ?? wsSocket() });
}
