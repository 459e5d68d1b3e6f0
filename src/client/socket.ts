/** One open or opening WebSocket, as narrow as the client needs it. */
export interface ClientSocket {
  isOpen(): boolean;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** What a socket reports. `close` comes exactly once, and nothing comes after it. */
export interface SocketHandlers {
  open(): void;
  message(data: string): void;
  close(code: number, reason: string): void;
  error(error: Error): void;
}

/** Opens a socket to `url`. Throws only when the address can never work. */
export type CreateSocket = (url: string, handlers: SocketHandlers) => ClientSocket;

/** What is used of a WebSocket; that of browsers, of Node 22 and of `ws` fit. */
export interface WebSocketLike {
  readonly readyState: number;
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** Opens sockets of a WebSocket class. */
export function webSocket(WebSocketClass: new (url: string) => WebSocketLike): CreateSocket {
  return (url, handlers) => adapt(new WebSocketClass(url), handlers);
}

/** The global `WebSocket`. Throws a TypeError where there is none, which is Node 20. */
export function globalWebSocket(): CreateSocket {
  const { WebSocket } = globalThis;
  if (WebSocket === undefined) {
    throw new TypeError(
      'this platform has no global WebSocket: import { wsSocket } from "rollcall/client/node" and pass createSocket: wsSocket()',
    );
  }
  return webSocket(WebSocket as new (url: string) => WebSocketLike);
}

/**
 * Our own `close` is reported at once: a socket whose network is gone may take minutes to notice. Codes that a page
 * may not send become 4008.
 */
function adapt(socket: WebSocketLike, handlers: SocketHandlers): ClientSocket {
  let closed = false;
  const closeOnce = (code: number, reason: string): void => {
    if (closed) return;
    closed = true;
    handlers.close(code, reason);
  };
  const decoder = new TextDecoder();
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => closed || handlers.open();
  socket.onmessage = ({ data }: { data: string | ArrayBuffer }) =>
    closed || handlers.message(typeof data === 'string' ? data : decoder.decode(data));
  socket.onerror = (event: { message?: string }) =>
    closed || handlers.error(new Error(event.message || 'the socket failed'));
  socket.onclose = ({ code, reason }: { code: number; reason: string }) => closeOnce(code, reason);
  return {
    isOpen: () => !closed && socket.readyState === 1,
    send: (data) => socket.send(data),
    close(code = 1000, reason = '') {
      socket.close(code === 1000 || (code >= 3000 && code <= 4999) ? code : 4008, reason);
      closeOnce(code, reason);
    },
  };
}
