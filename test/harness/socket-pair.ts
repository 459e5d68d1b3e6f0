import type { MessageParts, Transport } from '../../src/gateway/index.ts';
import { assertFrame } from './assert-frames.ts';

/** The gateway's end of a connection without sockets. What it sends waits in a queue; every frame is checked. */
export class SocketPair implements Transport {
  /** Texts that the gateway sent and nobody took yet, in order. */
  readonly sent: string[] = [];
  pings = 0;
  /** How the gateway closed. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  isTerminated = false;
  /** Set by the test: bytes that the reader has not taken yet. */
  isBehind = false;
  bufferedBytes = 0;
  /** Called with every message that is sent, before it counts as sent. */
  onSend: () => void = () => {};
  /** Called with every ping. */
  onPing: () => void = () => {};

  get isOpen(): boolean {
    return this.closedWith === undefined && !this.isTerminated;
  }

  send(parts: MessageParts): void {
    if (!this.isOpen) return;
    const text = textOf(parts);
    assertFrame(text);
    this.onSend();
    this.sent.push(text);
  }

  ping(): void {
    this.pings += 1;
    this.onPing();
  }

  close(code: number, reason: string): void {
    if (this.isOpen) this.closedWith = { code, reason };
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

/** The text of a message that was sent in fragments. */
export function textOf(parts: MessageParts): string {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string))).toString('utf8');
}
