import { describe, expect, it, vi } from 'vitest';
import { webSocket } from './socket.ts';

/** The part of a browser's WebSocket that the adapter uses. */
class FakeWebSocket {
  static latest: FakeWebSocket;
  readyState = 0;
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: { message?: string }) => void) | null = null;
  readonly url: string;
  readonly sent: string[] = [];
  readonly closes: unknown[][] = [];

  constructor(url: string) {
    this.url = url;
    FakeWebSocket.latest = this;
  }
  send(data: string): void {
    this.sent.push(data);
  }
  close(...how: unknown[]): void {
    if (how[0] !== 1000 && !((how[0] as number) >= 3000)) throw new Error('InvalidAccessError');
    this.closes.push(how);
  }
}

describe('webSocket', () => {
  const open = () => {
    const handlers = { open: vi.fn(), message: vi.fn(), close: vi.fn(), error: vi.fn() };
    const socket = webSocket(FakeWebSocket)('ws://h', handlers);
    return { handlers, socket, fake: FakeWebSocket.latest };
  };

  it('passes on events, and messages of text and binary alike (PW1)', () => {
    const { handlers, socket, fake } = open();
    expect(socket.isOpen()).toBe(false);
    fake.readyState = 1;
    fake.onopen?.();
    expect(socket.isOpen()).toBe(true);
    fake.onmessage?.({ data: '{}' });
    fake.onmessage?.({ data: new TextEncoder().encode('{"é":1}').buffer as ArrayBuffer });
    socket.send('x');
    fake.onclose?.({ code: 1012, reason: 'service restart' });
    expect(handlers.open).toHaveBeenCalledOnce();
    expect(handlers.message.mock.calls).toEqual([['{}'], ['{"é":1}']]);
    expect(handlers.close).toHaveBeenCalledWith(1012, 'service restart');
    expect(fake.sent).toEqual(['x']);
  });

  it('reports its own close at once and only once, and nothing after it', () => {
    const { handlers, socket, fake } = open();
    fake.readyState = 1;
    socket.close(4000, 'the gateway went silent');
    fake.onmessage?.({ data: 'late' });
    fake.onerror?.({});
    fake.onclose?.({ code: 1006, reason: '' });
    expect(handlers.close.mock.calls).toEqual([[4000, 'the gateway went silent']]);
    expect(handlers.message).not.toHaveBeenCalled();
    expect(handlers.error).not.toHaveBeenCalled();
    expect(socket.isOpen()).toBe(false);
  });

  it('sends only codes that a page may send', () => {
    const { socket, fake } = open();
    socket.close(1008, 'connect challenge timeout');
    expect(fake.closes).toEqual([[4008, 'connect challenge timeout']]);
  });

  it('names the failure when the platform does', () => {
    const { handlers, fake } = open();
    fake.onerror?.({ message: 'Unexpected server response: 503' });
    expect(handlers.error.mock.calls[0]?.[0]).toMatchObject({ message: 'Unexpected server response: 503' });
  });
});
