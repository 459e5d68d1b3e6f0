import { connect, type Socket } from 'node:net';

/** A TCP connection whose every byte the test decides. */
export class RawSocket {
  readonly socket: Socket;
  /** The connection is gone. */
  readonly closed: Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    // What matters of an error is the close that follows.
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
  }

  get received(): Buffer {
    return this.#received;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Waits until `read` makes something of what was received; rejects when the connection ends first. */
  async until<T>(read: (received: Buffer) => T | undefined): Promise<T> {
    for (;;) {
      const found = read(this.#received);
      if (found !== undefined) return found;
      if (this.#isClosed) throw new Error(`the connection ended after: ${this.#received.toString('latin1')}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits for the head of an HTTP answer and takes it off; returns it as text. */
  async head(): Promise<string> {
    const end = await this.until((received) => {
      const at = received.indexOf('\r\n\r\n');
      return at < 0 ? undefined : at + 4;
    });
    return this.take(end).toString('latin1');
  }

  /** Takes bytes off the front of what was received. */
  take(length: number): Buffer {
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }

  destroy(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
