import type { CreateSocket, SocketHandlers } from '../../src/client/index.ts';

/** A frame that the client sent. */
export interface SentRequest {
  readonly id: string;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** One socket of a client, whose other end is the test. */
export interface ScriptedSocket {
  readonly url: string;
  /** All requests so far, `connect` first. */
  readonly sent: SentRequest[];
  /** How the client closed it, if it did. */
  closedWith?: { readonly code: number | undefined; readonly reason: string | undefined };
  open(challenge?: { nonce: string; ts: number }): void;
  event(event: string, payload: object, more?: { seq?: number; stateVersion?: object }): void;
  /** Answers the latest request of `method`. */
  answer(method: string, payload: unknown): void;
  refuse(method: string, error: object): void;
  /** The gateway closes. */
  close(code: number, reason?: string): void;
  /** The network fails before anything was opened. */
  fail(message: string): void;
}

/** Sockets without a network: the client opens them, the test plays the gateway. */
export interface ScriptedGateway {
  readonly createSocket: CreateSocket;
  readonly sockets: ScriptedSocket[];
  readonly latest: ScriptedSocket;
}

/** Makes a scripted gateway. */
export function scriptedGateway(): ScriptedGateway {
  const sockets: ScriptedSocket[] = [];
  return {
    sockets,
    get latest() {
      const latest = sockets.at(-1);
      if (latest === undefined) throw new Error('the client opened no socket');
      return latest;
    },
    createSocket(url, handlers) {
      const { socket, side } = socketPair(url, handlers);
      sockets.push(socket);
      return side;
    },
  };
}

function socketPair(url: string, handlers: SocketHandlers) {
  let isOpen = false;
  const emit = (frame: object): void => handlers.message(JSON.stringify(frame));
  const idOf = (method: string): string => {
    const request = socket.sent.findLast((sent) => sent.method === method);
    if (request === undefined) throw new Error(`the client sent no ${method}`);
    return request.id;
  };
  const socket: ScriptedSocket = {
    url,
    sent: [],
    open(challenge = { nonce: 'nonce', ts: 1_000_000 }) {
      isOpen = true;
      handlers.open();
      emit({ type: 'event', event: 'connect.challenge', payload: challenge });
    },
    event: (event, payload, more = {}) => emit({ type: 'event', event, payload, ...more }),
    answer: (method, payload) => emit({ type: 'res', id: idOf(method), ok: true, payload }),
    refuse: (method, error) => emit({ type: 'res', id: idOf(method), ok: false, error }),
    close(code, reason = '') {
      isOpen = false;
      handlers.close(code, reason);
    },
    fail(message) {
      handlers.error(new Error(message));
      handlers.close(1006, '');
    },
  };
  const side = {
    isOpen: () => isOpen,
    send: (data: string) => void socket.sent.push(JSON.parse(data)),
    close(code?: number, reason?: string) {
      isOpen = false;
      socket.closedWith = { code, reason };
      handlers.close(code ?? 1000, reason ?? '');
    },
  };
  return { socket, side };
}
