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
